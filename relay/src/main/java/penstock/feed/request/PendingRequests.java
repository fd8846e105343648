package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import penstock.upstream.SendQueue;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.SubscribeSpec;

/**
 * The requests of one connection without an answer: sent when the rate limits allow, sent again after a timeout, and
 * abandoned in the end. Owned by the feed thread.
 */
final class PendingRequests {
    private final SubscribeSpec spec;
    private final LineContext line;
    private final Consumer<VenueRequest> onFirstSubscribe;
    private final Consumer<VenueRequest> onSentWithoutAck;
    private final Consumer<VenueRequest> onLate;
    private final BiConsumer<VenueRequest, String> onAbandoned;
    private final Map<Long, VenueRequest> pending = new LinkedHashMap<>();

    /**
     * None is pending.
     *
     * @param onFirstSubscribe a request that subscribes was sent, not for the second time
     * @param onSentWithoutAck the request was sent, and the venue does not answer it
     * @param onLate           no answer arrived in time; items may be dropped from the request before it is sent again
     * @param onAbandoned      the request could not be sent, or was never answered; with the reason
     */
    PendingRequests(final SubscribeSpec spec, final LineContext line,
            final Consumer<VenueRequest> onFirstSubscribe, final Consumer<VenueRequest> onSentWithoutAck,
            final Consumer<VenueRequest> onLate, final BiConsumer<VenueRequest, String> onAbandoned) {
        this.spec = spec;
        this.line = line;
        this.onFirstSubscribe = onFirstSubscribe;
        this.onSentWithoutAck = onSentWithoutAck;
        this.onLate = onLate;
        this.onAbandoned = onAbandoned;
    }

    Collection<VenueRequest> all() {
        return List.copyOf(pending.values());
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    int size() {
        return pending.size();
    }

    boolean hasSubscribe() {
        return pending.values().stream().anyMatch(request -> !request.isUnsubscribe());
    }

    VenueRequest add(final boolean isUnsubscribe, final List<SubscribeSpec.Item> items) {
        final VenueRequest request = new VenueRequest(line.nextId(), isUnsubscribe, items);
        pending.put(request.id(), request);
        return request;
    }

    /**
     * Sends the request, now or when the rate limit allows.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    void send(final VenueRequest request) {
        request.message(spec);
        if (!line.queue().request(() -> bytes(request), () -> onSent(request))) {
            onAbandoned.accept(request, "not sent: more than " + SendQueue.MAX_REQUESTS
                + " requests wait to be sent; raise subscribe.batch or the rate");
        }
    }

    /** These items are answered, or no longer desired. */
    void drop(final VenueRequest request, final List<SubscribeSpec.Item> items) {
        request.remove(items);
        if (request.items().isEmpty()) {
            pending.remove(request.id());
        }
    }

    void stop() {
        pending.values().forEach(VenueRequest::cancelTimer);
        pending.clear();
    }

    /** The items that are left when the request is sent. */
    private byte[] bytes(final VenueRequest request) {
        return pending.containsKey(request.id()) ? request.message(spec).getBytes(StandardCharsets.UTF_8) : null;
    }

    private void onSent(final VenueRequest request) {
        if (!request.isSent() && !request.isUnsubscribe()) {
            onFirstSubscribe.accept(request);
        }
        final AckSpec ack = spec.ack();
        if (ack == null || request.isUnsubscribe() && !ack.answersUnsubscribe()) {
            request.onSent(null);
            onSentWithoutAck.accept(request);
        } else {
            request.onSent(line.clock().executeAfter(() -> onTimeout(request), ack.timeoutMs()));
        }
    }

    private void onTimeout(final VenueRequest request) {
        onLate.accept(request);
        if (!pending.containsKey(request.id())) {
            return;
        }
        final AckSpec ack = spec.ack();
        if (request.timesSent() <= ack.retries()) {
            if (ack.mode() == AckSpec.Mode.BATCH) {
                // a late answer to the message sent before is not taken for the answer to this one
                pending.remove(request.id());
                request.renumber(line.nextId());
                pending.put(request.id(), request);
            }
            send(request);
        } else {
            onAbandoned.accept(request, "not acknowledged within " + ack.timeoutMs() + " ms"
                + (request.timesSent() == 1 ? "" : ", requested " + request.timesSent() + " times"));
        }
    }
}
