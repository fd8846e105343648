package penstock.feed.request;

import java.util.List;
import java.util.stream.Stream;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec.Item;

/** Finds the request that an answer is about, and what it says of its items. Owned by the feed thread. */
final class AckCorrelator {
    private final AckSpec ack;
    private final PendingRequests open;

    /** {@code ack}: null where nothing is answered. */
    AckCorrelator(final AckSpec ack, final PendingRequests open) {
        this.ack = ack;
        this.open = open;
    }

    /**
     * An answer.
     *
     * @param request   null if it is not clear which one it is about, or it is about all
     * @param taken     items of the request that the venue took
     * @param refused   items of the request that it did not take
     * @param isByName  whether the venue names what it refuses
     * @param isRefusal whether it is a refusal as a whole
     * @param isOfAll   about everything asked for so far
     */
    record Found(VenueRequest request, List<Item> taken, List<Item> refused, boolean isByName, boolean isRefusal,
            boolean isOfAll) {
        List<Item> all() {
            return Stream.concat(taken.stream(), refused.stream()).toList();
        }
    }

    /** Null when the message is no answer, or nothing waits for one. */
    Found find(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (open.isEmpty() || ack == null) {
            return null;
        }
        final boolean isNack = kind == ControlKind.NACK || kind == ControlKind.SHARD;
        final boolean isUnsubscribed = ack.answers().unsubscribed() != null
            && ack.answers().unsubscribed().matches(frame, offset, length);
        if (!isNack && kind != ControlKind.ACK && !isUnsubscribed && !ack.match().matches(frame, offset, length)) {
            return null;
        }
        final boolean isRefusal = isNack || !isUnsubscribed && ack.answers().ok() != null
            && !ack.answers().ok().matches(frame, offset, length);
        if (ack.mode() == AckSpec.Mode.STATE && !isRefusal) {
            return new Found(null, List.of(), List.of(), false, false, true);
        }
        final AckSpec.Answer answer = ack.read(frame, offset, length);
        final VenueRequest request = request(answer, isUnsubscribed);
        if (request == null) {
            return new Found(null, List.of(), List.of(), false, isRefusal, false);
        }
        return isRefusal ? refusal(request, answer) : acceptance(request, answer);
    }

    private static Found refusal(final VenueRequest request, final AckSpec.Answer answer) {
        final Item one = answer.topic() == null ? null : request.item(answer.topic());
        if (one != null) {
            return new Found(request, List.of(), List.of(one), true, true, false);
        }
        final List<Item> named = answer.refused() == null ? List.of() : named(request, answer.refused());
        return new Found(request, List.of(), named.isEmpty() ? request.items() : named, !named.isEmpty(), true, false);
    }

    private Found acceptance(final VenueRequest request, final AckSpec.Answer answer) {
        if (ack.mode() == AckSpec.Mode.EACH) {
            final Item one = answer.topic() == null ? null : request.item(answer.topic());
            return new Found(request, one == null ? List.of() : List.of(one), List.of(), false, false, false);
        }
        final List<Item> taken = answer.accepted() == null ? List.of() : named(request, answer.accepted());
        List<Item> refused = answer.refused() == null ? List.of() : named(request, answer.refused());
        if (answer.refused() == null && answer.accepted() != null && ack.subjects().refused().isEmpty()) {
            refused = request.items().stream().filter(item -> !taken.contains(item)).toList();
        }
        final List<Item> no = refused;
        // what it does not mention at all went well
        return new Found(request, request.items().stream().filter(item -> !no.contains(item)).toList(), no, true,
            false, false);
    }

    private static List<Item> named(final VenueRequest request, final List<String> names) {
        return request.items().stream().filter(item -> names.stream().anyMatch(item::is)).toList();
    }

    private VenueRequest request(final AckSpec.Answer answer, final boolean isUnsubscribed) {
        if (answer.id() != null) {
            return open.all().stream().filter(request -> Long.toString(request.id()).equals(answer.id())).findFirst()
                .orElse(null);
        }
        // without an answer of its own an unsubscription is told from the rest by its number alone
        final List<VenueRequest> sent = open.all().stream()
            .filter(request -> request.isSent() && request.isUnsubscribe() == isUnsubscribed).toList();
        if (answer.topic() != null) {
            return ofTopic(sent, answer.topic());
        }
        for (final VenueRequest request : sent) {
            if (request.hasAny(answer.accepted()) || request.hasAny(answer.refused())) {
                return request;
            }
        }
        final boolean isInOrder = ack.subjects().correlate().isEmpty() && ack.subjects().topics().isEmpty();
        return sent.size() == 1 || isInOrder && !sent.isEmpty() ? sent.get(0) : null;
    }

    private static VenueRequest ofTopic(final List<VenueRequest> sent, final String topic) {
        VenueRequest ofSymbol = null;
        for (final VenueRequest request : sent) {
            final Item item = request.item(topic);
            if (item != null && item.topic().equals(topic)) {
                return request;
            }
            ofSymbol = ofSymbol == null && item != null ? request : ofSymbol;
        }
        return ofSymbol;
    }
}
