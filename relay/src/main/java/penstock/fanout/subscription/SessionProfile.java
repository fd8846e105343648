package penstock.fanout.subscription;

import penstock.thread.ThreadOwner;

/**
 * The facts about a session that its subscriptions are given at birth. {@code windowBits}: the window of compressed
 * frames, 8 to 15; 0 = permessage-deflate was not agreed. {@code owner} is the owner of the whole shard. Immutable.
 */
public record SessionProfile(int number, SessionKind kind, int windowBits, ThreadOwner owner) {
    /** Whether frames may be compressed. */
    public boolean deflates() {
        return windowBits > 0;
    }

    /** Whether the session is sent bare payloads. */
    public boolean isRaw() {
        return kind == SessionKind.RAW;
    }
}
