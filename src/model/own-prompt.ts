/** One message of a chat. */
export interface ChatMessage {
  /** `system`, `user`, `assistant`, ... */
  readonly role: string
  readonly content: string
}

/** A chat up to the message that is to be answered. */
export interface Conversation {
  readonly messages: readonly ChatMessage[]
}

/** One prompt of a team's own file: plain text, or a conversation for an API that takes messages. */
export type OwnPrompt = string | Conversation
