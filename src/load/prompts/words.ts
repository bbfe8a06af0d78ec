/**
 * Common short words: one token each, with the space before them, in the vocabularies of most models. The last line
 * is for vocabularies of syllables.
 */
export const words: readonly string[] = (
  'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one ' +
  'you were all she there would their we him been has when who will more no if out so said what up its about into than ' +
  'them can only other new some could time these two may then do first any my now such like our over man me even most ' +
  'made after also did many before must through back years where much your way well down should because each just those ' +
  'go la ma pa hi pi mu nu ha ho re mi fa si'
).split(' ')
