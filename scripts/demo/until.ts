/** Waits until something holds that other processes bring about; throws a sentence when it does not in time. */
export async function until(what: string, reached: () => Promise<boolean>, seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} seconds in vain until ${what}; see the nodes' logs`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
