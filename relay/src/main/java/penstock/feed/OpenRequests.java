package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests of one connection that are not settled: sent when the limits allow, sent again when no answer comes, given up in the end.
 * Owned by the feed thread.
 */
final class OpenRequests {
    private final SubscribeSpec spec;
    private final FeedClock clock;
    private final SendQueue queue;
    private final Owner owner;
    private final Map<Long, Request> open = new LinkedHashMap<>();
    private long lastId;

    /** Whose requests they are. */
    interface Owner {
        /** It has gone out, and no answer will come. */
        void onNoAnswerDue(Request request);

        /** No answer came in time; what is not wanted any more may be taken out before it is sent again. */
        void onLate(Request request);

        /** It could not be sent, or was never answered. */
        void onGivenUp(Request request, String what);
    }

    OpenRequests(final SubscribeSpec spec, final FeedClock clock, final SendQueue queue, final Owner owner) {
        this.spec = spec;
        this.clock = clock;
        this.queue = queue;
        this.owner = owner;
    }

    Collection<Request> all() {
        return List.copyOf(open.values());
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean hasSubscribe() {
        return open.values().stream().anyMatch(request -> !request.isUnsubscribe());
    }

    Request open(final boolean isUnsubscribe, final List<SubscribeSpec.Item> items) {
        final Request request = new Request(++lastId, isUnsubscribe, items);
        open.put(request.id(), request);
        return request;
    }

    /**
     * Sends it, now or when its turn comes.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    void send(final Request request) {
        request.message(spec);
        if (!queue.request(() -> bytes(request), () -> onSent(request))) {
            owner.onGivenUp(request, "more than " + SendQueue.MAX_REQUESTS
                + " requests wait to be sent; raise subscribe.batch or the rate");
        }
    }

    /** These are settled, or not wanted any more. */
    void drop(final Request request, final List<SubscribeSpec.Item> items) {
        request.remove(items);
        if (request.items().isEmpty()) {
            open.remove(request.id());
        }
    }

    void stop() {
        open.values().forEach(Request::cancel);
        open.clear();
    }

    /** What is left of it when its turn comes. */
    private byte[] bytes(final Request request) {
        return open.containsKey(request.id()) ? request.message(spec).getBytes(StandardCharsets.UTF_8) : null;
    }

    private void onSent(final Request request) {
        final AckSpec ack = spec.ack();
        if (ack == null || request.isUnsubscribe() && !ack.answersUnsubscribe()) {
            request.onSent(null);
            owner.onNoAnswerDue(request);
        } else {
            request.onSent(clock.executeAfter(() -> onTimeout(request), ack.timeoutMs()));
        }
    }

    private void onTimeout(final Request request) {
        owner.onLate(request);
        if (!open.containsKey(request.id())) {
            return;
        }
        final AckSpec ack = spec.ack();
        if (request.timesSent() <= ack.retries()) {
            if (request.isShrunk() && ack.mode() == AckSpec.Mode.BATCH) {
                open.remove(request.id());
                request.renumber(++lastId);
                open.put(request.id(), request);
            }
            send(request);
        } else {
            owner.onGivenUp(request, "not acknowledged within " + ack.timeoutMs() + " ms"
                + (request.timesSent() == 1 ? "" : ", asked for " + request.timesSent() + " times"));
        }
    }
}
