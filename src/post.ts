import { cleanUpAfterMain } from './action/post.ts'

// A bundle of its own, a fraction of the main one: the end of every job waits for it.
await cleanUpAfterMain()
