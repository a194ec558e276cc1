/** The key under which the directory lists what a party receives (nhsMhsSvcIA): service, colon, action. */
export function fullServiceInteraction({ service, action }: { service: string; action: string }): string {
  return `${service}:${action}`;
}
