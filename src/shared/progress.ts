/** How long work reports how far it is. `total` is unknown while a stream is read. */
export interface Progress {
  update(stage: string, done: number, total?: number): void;
  finish(): void;
}

export const noProgress: Progress = { update: () => {}, finish: () => {} };

/** A bar that redraws itself on a terminal, a plain line every few seconds elsewhere (a log file, CI). */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr, now: () => number = Date.now): Progress {
  const interval = stream.isTTY ? 100 : 5_000;
  let shownAt = 0;
  let shownStage = "";
  const line = (stage: string, done: number, total?: number) => {
    if (total === undefined || total === 0) return `${stage}: ${done.toLocaleString("en")}`;
    const share = Math.min(1, done / total);
    const bar = "#".repeat(Math.round(share * 30)).padEnd(30, ".");
    const counts = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    return stream.isTTY ? `${stage} [${bar}] ${(share * 100).toFixed(0)} % ${counts}` : `${stage}: ${counts}`;
  };
  return {
    update(stage, done, total) {
      if (stage === shownStage && done !== total && now() - shownAt < interval) return;
      if (stream.isTTY) {
        stream.write(`${shownStage !== "" && stage !== shownStage ? "\n" : ""}\r\x1b[K${line(stage, done, total)}`);
      } else {
        stream.write(`${line(stage, done, total)}\n`);
      }
      shownAt = now();
      shownStage = stage;
    },
    finish() {
      if (stream.isTTY && shownStage !== "") stream.write("\n");
      shownStage = "";
    },
  };
}
