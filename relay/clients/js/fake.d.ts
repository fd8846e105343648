import type { Platform } from "./penstock.js";

/** A channel as the `welcome` lists it. */
export interface FakeChannel { name: string; class: "last-value" | "merge" | "order-book" | "event"; default?: boolean }

/** One update of a recording; `at` in milliseconds from its beginning. */
export interface FakeUpdate { at: number; channel: string; symbol: string; value: object | string; t?: number }

/** A clock, timers, animation frames and a page that only the test moves. */
export class FakePlatform {
  constructor(socket: Platform["socket"]);
  /** Milliseconds. */
  now: number;
  /** The next random number. */
  random: number;
  isHidden: boolean;
  /** For the options of `connect`. */
  readonly platform: Platform;
  /** Time passes, and timers run when they are due. */
  pass(ms: number): Promise<void>;
  /** Time passes, and no timer runs. */
  sleep(ms: number): void;
  hide(isHidden: boolean): void;
  /** The network is back. */
  notify(): void;
  paint(): void;
  /** Whether nothing waits. */
  readonly isIdle: boolean;
}

/** A relay in memory: nothing happens before `pass`, which delivers what is due and paints frames. */
export class FakeRelay extends FakePlatform {
  constructor(options?: { channels?: FakeChannel[]; heartbeat?: number; auth?: "none" | "keys" | "jwt" });
  /** A new value: an object, or JSON to keep the digits of numbers; a book is given whole. `t`: the venue's time in microseconds. */
  publish(channel: string, symbol: string, value: object | string, t?: number): void;
  /** Plays a recording. */
  play(recording: FakeUpdate[]): Promise<void>;
  /** The feed is stale, or live again. */
  feed(state: "live" | "stale", reason?: string): void;
  status(channel: string, symbol: string, state: "live" | "stale" | "closed", reason?: string): void;
  /** All connections are lost, or closed with a code. */
  cut(code?: number, reason?: string): void;
  /** The relay ends and begins again, without values. */
  restart(): void;
  /** Handshakes are closed with this code from now on; without one they are accepted. */
  refuse(code?: number, reason?: string): void;
  /** Open connections. */
  readonly connections: number;
}
