package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.time.FeedClock;
import penstock.upstream.SendQueue;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.SubscribeSpec;

/**
 * The requests of one connection that are not settled: sent when the limits allow, sent again when no answer comes,
 * given up in the end. Owned by the feed thread.
 */
final class PendingRequests {
    private final SubscribeSpec spec;
    private final FeedClock clock;
    private final SendQueue queue;
    private final Owner owner;
    private final Map<Long, VenueRequest> open = new LinkedHashMap<>();
    private long lastId;

    /** Whose requests they are. */
    interface Owner {
        /** It has gone out, and no answer will come. */
        void onNoAnswerDue(VenueRequest request);

        /** No answer came in time; what is not wanted any more may be taken out before it is sent again. */
        void onLate(VenueRequest request);

        /** It could not be sent, or was never answered. */
        void onGivenUp(VenueRequest request, String what);
    }

    PendingRequests(final SubscribeSpec spec, final FeedClock clock, final SendQueue queue, final Owner owner) {
        this.spec = spec;
        this.clock = clock;
        this.queue = queue;
        this.owner = owner;
    }

    Collection<VenueRequest> all() {
        return List.copyOf(open.values());
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean hasSubscribe() {
        return open.values().stream().anyMatch(request -> !request.isUnsubscribe());
    }

    VenueRequest open(final boolean isUnsubscribe, final List<SubscribeSpec.Item> items) {
        final VenueRequest request = new VenueRequest(++lastId, isUnsubscribe, items);
        open.put(request.id(), request);
        return request;
    }

    /**
     * Sends it, now or when its turn comes.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    void send(final VenueRequest request) {
        request.message(spec);
        if (!queue.request(() -> bytes(request), () -> onSent(request))) {
            owner.onGivenUp(request, "more than " + SendQueue.MAX_REQUESTS
                + " requests wait to be sent; raise subscribe.batch or the rate");
        }
    }

    /** These are settled, or not wanted any more. */
    void drop(final VenueRequest request, final List<SubscribeSpec.Item> items) {
        request.remove(items);
        if (request.items().isEmpty()) {
            open.remove(request.id());
        }
    }

    void stop() {
        open.values().forEach(VenueRequest::cancel);
        open.clear();
    }

    /** What is left of it when its turn comes. */
    private byte[] bytes(final VenueRequest request) {
        return open.containsKey(request.id()) ? request.message(spec).getBytes(StandardCharsets.UTF_8) : null;
    }

    private void onSent(final VenueRequest request) {
        final AckSpec ack = spec.ack();
        if (ack == null || request.isUnsubscribe() && !ack.answersUnsubscribe()) {
            request.onSent(null);
            owner.onNoAnswerDue(request);
        } else {
            request.onSent(clock.executeAfter(() -> onTimeout(request), ack.timeoutMs()));
        }
    }

    private void onTimeout(final VenueRequest request) {
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
