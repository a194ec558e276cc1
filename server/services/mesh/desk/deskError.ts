/** Something that the desk was asked for and cannot do; the status is that of HTTP. */
export class DeskError extends Error {
  readonly status: 404 | 409;

  constructor(status: 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}
