package penstock.upstream.line;

/** Where bytes of lines come from. It blocks on a thread of its own. */
interface LineSource {
    /** Begins to read; returns at once. Feed thread. */
    void start(Sink sink);

    /** The sink takes nothing more. Feed thread. */
    void stop();

    /** Takes the bytes. Called on the thread of the source. */
    interface Sink {
        /** Bytes may follow. */
        void onOpen();

        /** Waits until the bytes are used; false if the sink takes nothing more, and has not used them. */
        boolean takes(byte[] bytes, int count) throws InterruptedException;

        /** The source could not be opened. */
        void onUnreachable(String why);

        /** No more bytes; {@code retryAfterMs}: when another attempt makes sense, -1 = after the usual delay. */
        void onEnd(String why, long retryAfterMs);
    }
}
