package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * A shard whose sessions have all of 1,000 topics in one delivery mode. Each step delivers 20 updates a session, in one
 * write: modes differ in the work to find and to encode them. One thread.
 */
final class DeliveryRig {
    /** Updates that a step delivers for each session. */
    static final int CHANGED = 20;

    private static final int WAITING = 60;
    private static final int VARIANTS = 63;
    /** A lap of the journal, and 50 updates of each topic. */
    private static final int FILLING = 50 * ShardRig.TOPICS / CHANGED;

    private final DeliveryMode way;
    private final ShardRig shard;
    private final UpdateSlice[] updates = new UpdateSlice[VARIANTS];
    private int variant;
    private int topic;

    /** {@code sessions}: a multiple of 4. */
    DeliveryRig(final DeliveryMode way, final int sessions) {
        this(way, sessions, false);
    }

    /** {@code hasRows}: updates are rows, otherwise JSON. */
    DeliveryRig(final DeliveryMode way, final int sessions, final boolean hasRows) {
        this.way = way;
        shard = new ShardRig(way.conflation);
        for (int i = 0; i < VARIANTS; i++) {
            updates[i] = update(i);
        }
        final UpdateSlice first = way.conflation.equals("order-book") ? BookChanges.snapshot(20)
            : slices(quote(VARIANTS));
        for (int i = 0; i < ShardRig.TOPICS; i++) {
            shard.publish(i, first);
        }
        shard.turn();
        // one fills what grows, the journal above all: the others are too many for that
        shard.open(way.format(shard.formats, hasRows), way.terms);
        for (int i = 0; i < FILLING; i++) {
            step();
        }
        final boolean isMixed = way == DeliveryMode.DELTA_MIXED;
        // a third of the mixed ones is sent two writes a step: a quarter less of them deliver as much
        for (int s = 1; s < (isMixed ? sessions / 4 * 3 : sessions); s++) {
            shard.open(way.format(shard.formats, hasRows), isMixed && s % 3 > 0 ? at100Ms(way.terms) : way.terms);
        }
    }

    void step() {
        switch (way) {
            case DELTA_MIXED -> {
                final int from = topic;
                publish(CHANGED, ShardRig.TOPICS);
                shard.turn();
                topic = from;
                publish(CHANGED, ShardRig.TOPICS);
                shard.advanceMs(100);
            }
            case MAX_RATE -> {
                publish(WAITING, WAITING);
                shard.advanceMs(CHANGED);
            }
            case MAX_RATE_BEHIND -> {
                publish(WAITING, ShardRig.TOPICS);
                shard.advanceMs(CHANGED);
            }
            default -> publish(CHANGED, ShardRig.TOPICS);
        }
        shard.turn();
    }

    /** What the shard counted. */
    long count(final Counter counter) {
        return shard.count(counter);
    }

    private void publish(final int count, final int topics) {
        for (int i = 0; i < count; i++) {
            shard.publish(topic, updates[variant]);
            variant = (variant + 1) % VARIANTS;
            topic = (topic + 1) % topics;
        }
    }

    private UpdateSlice update(final int i) {
        if (way.conflation.equals("order-book")) {
            // of five places: all is among the best ten
            return BookChanges.change(i, 5);
        }
        if (way.conflation.equals("merge")) {
            final UpdateSlice merged = slices("{" + changing(i) + "}");
            merged.kind = UpdateKind.DELTA;
            return merged;
        }
        return slices(quote(i));
    }

    private static String quote(final int i) {
        return "{\"symbol\":\"FX0001\"," + changing(i) + ",\"open\":1.10213,\"high\":1.11931,\"low\":1.09872}";
    }

    /** Of another value in each variant. */
    private static String changing(final int i) {
        final int bid = 110_000 + i * 37 % 1_000;
        return "\"bid\":1." + bid + ",\"ask\":1." + (bid + 2) + ",\"mid\":1." + (bid + 1)
            + ",\"ts\":" + (1_795_197_922_737_123L + i * 1_117) + ",\"seq\":" + (81_234 + i);
    }

    private static UpdateSlice slices(final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
    }

    private static SubscriptionOptions at100Ms(final SubscriptionOptions terms) {
        return new SubscriptionOptions(Mode.CONFLATE, 100, null, -1, -1,
            new ContentOptions(terms.content().fields(), terms.content().delta(), -1));
    }
}
