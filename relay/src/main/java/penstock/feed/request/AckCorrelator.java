package penstock.feed.request;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * Finds the pending request that an answer belongs to, and what the answer says of its items. Owned by the feed thread.
 */
final class AckCorrelator {
    private final AckSpec ack;
    private final PendingRequests pending;
    private final RepeatedRequests repeated;

    /** {@code ack}: null if the venue does not answer; {@code repeated}: learns of answers to earlier copies. */
    AckCorrelator(final AckSpec ack, final PendingRequests pending, final RepeatedRequests repeated) {
        this.ack = ack;
        this.pending = pending;
        this.repeated = repeated;
    }

    /**
     * An answer.
     *
     * @param request     null if the request is not known, or if the answer is about all requests
     * @param accepted    items of the request that the venue accepted
     * @param rejected    items of the request that it rejected
     * @param isByName    whether the venue names the rejected items
     * @param isRejection whether the answer is a rejection as a whole
     * @param isOfAll     whether the answer is about everything requested so far
     */
    record Answer(VenueRequest request, List<Item> accepted, List<Item> rejected, boolean isByName,
            boolean isRejection, boolean isOfAll) {
        List<Item> all() {
            return Stream.concat(accepted.stream(), rejected.stream()).toList();
        }
    }

    /** Null if the message is no answer, or if no request is pending. */
    Answer find(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (pending.isEmpty() && repeated.isEmpty() || ack == null) {
            return null;
        }
        final boolean isNack = kind == ControlKind.NACK || kind == ControlKind.SHARD;
        final boolean isUnsubscribed = ack.answers().unsubscribed() != null
            && ack.answers().unsubscribed().matches(frame, offset, length);
        if (!isNack && kind != ControlKind.ACK && !isUnsubscribed && !ack.match().matches(frame, offset, length)) {
            return null;
        }
        final boolean isRejection = isNack || !isUnsubscribed && ack.answers().ok() != null
            && !ack.answers().ok().matches(frame, offset, length);
        if (ack.mode() == AckSpec.Mode.STATE && !isRejection) {
            return new Answer(null, List.of(), List.of(), false, false, true);
        }
        final AckSpec.Answer read = ack.read(frame, offset, length);
        final VenueRequest request = request(read, isUnsubscribed, isRejection);
        if (request == null) {
            repeated.onAnswered(read.id());
            return new Answer(null, List.of(), List.of(), false, isRejection, false);
        }
        final Answer answer = isRejection ? rejection(request, read) : acceptance(request, read);
        if (mayBeOfEarlierCopy(request, read)) {
            repeated.add(request, answer.all(), ack.timeoutMs());
        }
        return answer;
    }

    private boolean mayBeOfEarlierCopy(final VenueRequest request, final AckSpec.Answer answer) {
        return request.timesSent() > 1
            && (ack.mode() != AckSpec.Mode.BATCH || !Long.toString(request.id()).equals(answer.id()));
    }

    private static Answer rejection(final VenueRequest request, final AckSpec.Answer answer) {
        final List<Item> topics = topics(request, answer);
        if (!topics.isEmpty()) {
            return new Answer(request, List.of(), topics, true, true, false);
        }
        final List<Item> named = answer.refused() == null ? List.of() : named(request, answer.refused());
        return new Answer(request, List.of(), named.isEmpty() ? request.items() : named, !named.isEmpty(), true,
            false);
    }

    private Answer acceptance(final VenueRequest request, final AckSpec.Answer answer) {
        if (ack.mode() == AckSpec.Mode.EACH) {
            return new Answer(request, topics(request, answer), List.of(), false, false, false);
        }
        final List<Item> accepted = answer.accepted() == null ? List.of() : named(request, answer.accepted());
        final List<Item> rejected = answer.refused() != null ? named(request, answer.refused())
            : answer.accepted() != null && ack.subjects().refused().isEmpty() ? without(request.items(), accepted)
            : List.of();
        // an item that the answer does not mention at all was accepted
        return new Answer(request, without(request.items(), rejected), rejected, true, false, false);
    }

    /** Mode each: the topic of the answer, or several topics in one text. */
    private static List<Item> topics(final VenueRequest request, final AckSpec.Answer answer) {
        return answer.topic() == null ? List.of() : names(answer.topic()).map(request::item).filter(Objects::nonNull)
            .distinct().toList();
    }

    private static Stream<String> names(final String topic) {
        return Stream.concat(Stream.of(topic), topic.indexOf(',') < 0 ? Stream.empty() : Stream.of(topic.split(",")));
    }

    private static List<Item> without(final List<Item> items, final List<Item> others) {
        return items.stream().filter(item -> !others.contains(item)).toList();
    }

    private static List<Item> named(final VenueRequest request, final List<String> names) {
        return request.items().stream().filter(item -> names.stream().anyMatch(item::is)).toList();
    }

    private VenueRequest request(final AckSpec.Answer answer, final boolean isUnsubscribed,
            final boolean isRejection) {
        if (answer.id() != null) {
            return ofId(answer.id(), isRejection);
        }
        // without an answer of its own only the number tells an unsubscribe from the rest
        final List<VenueRequest> sent = pending.all().stream()
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

    /**
     * A late answer to what was sent before, maybe with more items: an acceptance holds for what is left of it, a
     * rejection may not. Then the answer to the last message decides.
     */
    private VenueRequest ofId(final String id, final boolean isRejection) {
        return pending.all().stream()
            .filter(request -> Long.toString(request.id()).equals(id) || !isRejection && request.hadId(id))
            .findFirst().orElse(null);
    }

    private static VenueRequest ofTopic(final List<VenueRequest> sent, final String topic) {
        VenueRequest ofSymbol = null;
        for (final String name : names(topic).toList()) {
            for (final VenueRequest request : sent) {
                final Item item = request.item(name);
                if (item != null && item.topic().equals(name)) {
                    return request;
                }
                ofSymbol = ofSymbol == null && item != null ? request : ofSymbol;
            }
        }
        return ofSymbol;
    }
}
