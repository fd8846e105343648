package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import penstock.text.PrintableText;
import penstock.time.SingleTimer;
import penstock.upstream.SendQueue;
import penstock.upstream.SnapshotFetch.Fetched;
import penstock.venue.book.SnapshotRequest;
import penstock.venue.book.SnapshotSpec;

/**
 * Asks for snapshots of books on one connection: with its other requests, within the same rate limits. Answers come in
 * any order; each names its request, or the symbol. Reads only messages that are not data, and those only once a
 * snapshot was asked for. Owned by the feed thread.
 */
public final class SnapshotRequests {
    private final LineContext line;
    private final List<Pending> pending = new ArrayList<>();
    /** What was asked for so far: a late answer is still no answer to anything else. */
    private final Set<SnapshotRequest> known = new HashSet<>();

    /** A request without an answer. */
    private final class Pending {
        private final SnapshotSpec spec;
        private final String symbol;
        private final long id = line.nextId();
        private final Consumer<Fetched> answer;
        private final SingleTimer timer = new SingleTimer(line.clock());
        private boolean isSent;

        private Pending(final SnapshotSpec spec, final String symbol, final Consumer<Fetched> answer) {
            this.spec = spec;
            this.symbol = symbol;
            this.answer = answer;
        }

        private byte[] bytes() {
            return spec.request().text(symbol, id, line.clock().epochUs() / 1_000).getBytes(StandardCharsets.UTF_8);
        }

        /** The deadline runs from here: the rate limit may have delayed the request. */
        private void onSent() {
            isSent = true;
            timer.set(() -> finish(this, Fetched.failed("no answer within " + spec.timeoutMs() + " ms")),
                spec.timeoutMs());
        }
    }

    /** Nothing has been asked for. */
    public SnapshotRequests(final LineContext line) {
        this.line = line;
    }

    /**
     * Asks for the book of a symbol.
     *
     * @param spec   with a request
     * @param symbol as the venue spells it
     * @param answer called once at most: during this call, or later
     * @return gives up: no answer follows
     * @throws IllegalStateException that names an environment variable that is not set
     */
    public Runnable ask(final SnapshotSpec spec, final String symbol, final Consumer<Fetched> answer) {
        final Pending request = new Pending(spec, symbol, answer);
        // a variable that is not set shows here, and not when the message is sent
        request.bytes();
        known.add(spec.request());
        pending.add(request);
        if (!line.queue().request(() -> pending.contains(request) ? request.bytes() : null, request::onSent)) {
            finish(request, Fetched.failed("not sent: more than " + SendQueue.MAX_REQUESTS
                + " requests wait to be sent"));
        }
        return () -> remove(request);
    }

    /** Whether a request has no answer yet. */
    public boolean isWaiting() {
        return !pending.isEmpty();
    }

    /** A message that is not data; true if it is an answer to what was asked for here. */
    public boolean onMessage(final byte[] frame, final int offset, final int length) {
        for (final Pending request : pending) {
            final SnapshotRequest.Answer answer = request.spec.request().answer();
            if (request.isSent
                    && answer.isOf(Long.toString(request.id), request.symbol, frame, offset, length)) {
                finish(request, answer.isSnapshot(frame, offset, length)
                    ? new Fetched(200, -1, Arrays.copyOfRange(frame, offset, offset + length), null)
                    : Fetched.failed("refused: " + PrintableText.excerpt(frame, offset, length)));
                return true;
            }
        }
        for (final SnapshotRequest request : known) {
            if (request.answer().isSnapshot(frame, offset, length)) {
                return true;
            }
        }
        return false;
    }

    /** The line has ended: no answer follows. */
    public void stop() {
        pending.forEach(request -> request.timer.cancel());
        pending.clear();
    }

    private void finish(final Pending request, final Fetched fetched) {
        remove(request);
        request.answer.accept(fetched);
    }

    private void remove(final Pending request) {
        request.timer.cancel();
        pending.remove(request);
    }
}
