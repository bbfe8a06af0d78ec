export { type DecisionInput, decide, type Next } from './decide.ts'
export { type DesignInput, type DesignPlan, planDesign } from './design.ts'
export { pairOrder } from './pair-order.ts'
