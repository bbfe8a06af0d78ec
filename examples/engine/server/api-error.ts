/** An answer of the API that is not a success, in OpenAI's shape. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** The field of the request at fault; null when it is none. */
  readonly param: string | null

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.param = param
  }
}

/** A field of the request that must be changed. */
export function invalidField(param: string, message: string): ApiError {
  return new ApiError(400, 'invalid_value', `${param}: ${message}`, param)
}

export interface ErrorBody {
  readonly error: {
    readonly message: string
    readonly type: 'invalid_request_error' | 'server_error'
    readonly param: string | null
    readonly code: string
  }
}

/** The body of an error answer, or of an error event inside a stream. */
export function errorBody(error: ApiError): ErrorBody {
  const type = error.status < 500 ? 'invalid_request_error' : 'server_error'
  return { error: { message: error.message, type, param: error.param, code: error.code } }
}

/** Anything thrown as an answer; what is not an ApiError is a defect of ours, and a 500. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  return new ApiError(500, 'internal_error', thrown instanceof Error ? thrown.message : String(thrown))
}
