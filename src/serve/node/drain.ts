/**
 * The end of a service: what is under way is answered, then the connections close.
 * @module
 */
import type { Server } from 'node:http';

/**
 * Stops listening and waits for the answers under way.
 *
 * @param grace - ends the wait: what is not answered then is cut off
 * @returns whether everything was answered
 */
export async function drain(server: Server, grace: AbortSignal): Promise<boolean> {
  let wasCut = false;
  const cut = (): void => {
    wasCut = true;
    server.closeAllConnections();
  };
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  grace.addEventListener('abort', cut, { once: true });
  if (grace.aborted) cut();
  await closed;
  grace.removeEventListener('abort', cut);
  return !wasCut;
}
