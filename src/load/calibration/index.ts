export { calibrateClient } from './calibrate-client.ts'
export { loadReference, type MeasuredClient, measureClient, pairUp, type ReferenceLoad } from './measure-client.ts'
export { type ReferenceProcess, startReferenceProcess } from './reference-process.ts'
export { type ClientErrors, clientErrors, spreadOf, type TruthPair } from './truth.ts'
