// A relay of a script's own, which is its venue.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts a relay, by a command; `use` has its address and where the feed is written to, `feed` more of its configuration. */
export async function ownRelay(command, feed, use) {
  const folder = mkdtempSync(join(tmpdir(), "penstock-page-")), config = join(folder, "relay.conf");
  writeFileSync(config, `feed { ${feed}, url = "stdin:" }\nserver.port = 0\nadmin.enabled = false\ntelemetry.dir = "${join(folder, "telemetry")}"\n`);
  const relay = spawn(command, ["run", "-c", config], { stdio: ["pipe", "pipe", "inherit"] });
  relay.stdin.on("error", () => {}); // it has ended
  try {
    await use(await address(relay.stdout), relay.stdin);
  } finally {
    relay.kill();
    await new Promise(resolve => relay.exitCode === null && relay.signalCode === null ? relay.once("exit", resolve) : resolve());
    rmSync(folder, { recursive: true });
  }
}

/** Where the relay listens; its log goes on to be read. */
function address(log) {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: log });
    lines.on("line", line => {
      const [, port] = /ws:\/\/localhost:(\d+)\/v1\/ws/.exec(line) ?? [];
      if (port) resolve(`http://localhost:${port}/`);
    });
    lines.on("close", () => reject(new Error("the relay ended before it listened")));
  });
}
