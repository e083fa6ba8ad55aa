type Message = Record<string, unknown>

/** Reads the messages of an event stream while its bytes pass by. It keeps the event that is not complete yet. */
export class Events {
  readonly #decoder = new TextDecoder()
  readonly #onMessage: (message: Message) => void
  #lines: string[] = []
  #rest: string[] = []

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage
  }

  take(chunk: Buffer): void {
    const text = this.#decoder.decode(chunk, { stream: true })
    // An answer of megabytes comes in many pieces; they are joined once.
    if (!text.includes('\n')) {
      this.#rest.push(text)
      return
    }
    const lines = (this.#rest.join('') + text).split(/\r?\n/)
    this.#rest = [lines.pop() ?? '']
    for (const line of lines) this.#line(line)
  }

  /** Nothing more comes: what is there is the last event. */
  end(): void {
    for (const line of this.#rest.join('').split(/\r?\n/)) this.#line(line)
    this.#line('')
    this.#rest = []
  }

  #line(line: string): void {
    if (line.startsWith('data:')) this.#lines.push(line.slice(line[5] === ' ' ? 6 : 5))
    if (line !== '' || this.#lines.length === 0) return
    const data = this.#lines.join('\n')
    this.#lines = []
    const message = objectIn(data)
    if (message) this.#onMessage(message)
  }
}

function objectIn(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Message) : undefined
  } catch {
    return undefined
  }
}
