package penstock.topic;

import java.util.Arrays;
import penstock.ring.Tick;
import penstock.wire.MessageBuffer;

/** The newest update is all there is: class {@code last-value}, and the newest event. Owned by the shard. */
final class NewestImage implements Image {
    private byte[] payload = {};
    private int payloadBytes;
    private int valueOffset;
    private int valueBytes;

    @Override
    public void store(final Tick tick, final byte[] lane) {
        payloadBytes = tick.length();
        valueOffset = tick.valueOffset();
        valueBytes = tick.valueLength();
        if (payload.length < payloadBytes) {
            payload = Arrays.copyOfRange(lane, tick.offset(), tick.offset() + payloadBytes + (payloadBytes >> 3));
        }
        System.arraycopy(lane, tick.offset(), payload, 0, payloadBytes);
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        out.put(payload, valueOffset, valueBytes);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        out.put(payload, valueOffset, valueBytes);
    }

    @Override
    public long knownQ() {
        return 0;
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    @Override
    public int payloadBytes() {
        return payloadBytes;
    }
}
