export { catalogue, type ErrorCode } from './catalogue.ts'
export { asGatehouseError, type ErrorDetail, GatehouseError } from './gatehouse-error.ts'
export { didYouMean, nearest } from './nearest.ts'
