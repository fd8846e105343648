package penstock.topic;

import penstock.ring.Tick;
import penstock.ring.UpdateKind;
import penstock.wire.MessageBuffer;

/**
 * The newest value of each field of a JSON object. Whoever joins is sent the merged object; an update says all of it, encoded once
 * for everybody. Owned by the shard.
 */
final class MergeImage implements Image {
    private final Fields fields = new Fields(true);
    private final Members members = new Members();
    private final MessageBuffer whole = new MessageBuffer(256);
    private long q;
    private long wholeQ = -1;
    private int round;

    @Override
    public void store(final Tick tick, final byte[] lane) {
        q = tick.q();
        round++;
        if (tick.update() != UpdateKind.REMOVE) {
            members.wrap(lane, tick.offset() + tick.valueOffset(), tick.valueLength());
            while (members.next()) {
                if (members.isNull()) {
                    fields.remove(members, q, false);
                } else {
                    fields.set(members, q, round);
                }
            }
        }
        if (tick.update() != UpdateKind.DELTA) {
            fields.keepOnly(round, q);
        }
        fields.prune();
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        if (wholeQ != q) {
            fields.appendLive(whole.clear());
            wholeQ = q;
        }
        out.put(whole.bytes(), 0, whole.length());
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        appendValue(out);
    }

    @Override
    public long knownQ() {
        return 0;
    }

    @Override
    public byte[] payload() {
        return null;
    }

    @Override
    public int payloadBytes() {
        return 0;
    }
}
