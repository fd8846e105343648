package penstock.upstream.line;

import java.io.IOException;
import java.io.InputStream;
import penstock.text.PrintableText;

/**
 * The standard input, which a process has once: one thread reads it for ever, for one sink after the other. Bytes that
 * no sink has taken wait for the next one. Any thread.
 */
final class StandardInput {
    /** One attempt an hour says in the log that nothing will come. */
    private static final long RETRY_AFTER_MS = 3_600_000;
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream in;
    private LineSource.Sink sink;
    private boolean isStarted;
    private String end;

    StandardInput(final InputStream in) {
        this.in = in;
    }

    /** A source for one connection. */
    LineSource source() {
        return new LineSource() {
            private Sink mine;

            @Override
            public void start(final Sink taker) {
                mine = taker;
                attach(taker);
            }

            @Override
            public void stop() {
                detach(mine);
            }
        };
    }

    private synchronized void attach(final LineSource.Sink taker) {
        if (end != null) {
            taker.onEnd(end, RETRY_AFTER_MS);
        } else if (sink != null) {
            taker.onUnreachable("stdin is read by another connection already; one feed can have it");
        } else {
            sink = taker;
            taker.onOpen();
            notifyAll();
            if (!isStarted) {
                isStarted = true;
                final Thread thread = new Thread(this::run, "lines");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private synchronized void detach(final LineSource.Sink taker) {
        if (sink == taker) {
            sink = null;
        }
    }

    private void run() {
        final byte[] buffer = new byte[BUFFER_BYTES];
        try {
            int count = in.read(buffer);
            while (count >= 0) {
                deliver(buffer, count);
                count = in.read(buffer);
            }
            end("stdin has ended; the last values stay, and new ones need another start of the relay");
        } catch (final IOException e) {
            end("stdin cannot be read: " + PrintableText.excerpt(e.toString()));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(final byte[] buffer, final int count) throws InterruptedException {
        boolean isTaken = false;
        while (!isTaken) {
            isTaken = taker().takes(buffer, count);
        }
    }

    private synchronized LineSource.Sink taker() throws InterruptedException {
        while (sink == null) {
            wait();
        }
        return sink;
    }

    private synchronized void end(final String why) {
        end = why;
        if (sink != null) {
            sink.onEnd(why, RETRY_AFTER_MS);
        }
    }
}
