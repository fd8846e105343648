package penstock.link.bus;

import penstock.link.LinkReplica;
import penstock.link.message.MessageFields;
import penstock.link.message.PositionMessage;

/** What a partition has goes to a line of the replica. Owned by the feed thread. */
final class BusReading implements BusFrames.Sink {
    private final LinkReplica.Line line;
    private final LinkReplica replica;
    private long receivedNs;
    private boolean isWithinSnapshot;

    BusReading(final LinkReplica.Line line, final LinkReplica replica) {
        this.line = line;
        this.replica = replica;
    }

    /**
     * A message of the bus follows.
     *
     * @param isWithin whether it is of a snapshot and not its end: positions count for nothing
     */
    void begin(final long receivedAtNs, final boolean isWithin) {
        receivedNs = receivedAtNs;
        isWithinSnapshot = isWithin;
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        replica.count(length);
        final long p = PositionMessage.read(buffer, offset, length);
        if (p >= 0) {
            if (!isWithinSnapshot) {
                line.onPosition(p);
            }
            return;
        }
        final MessageFields message = MessageFields.parse(buffer, offset, length);
        line.onText(message.text("type"), message);
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        replica.count(length);
        line.onBinary(buffer, offset, length, receivedNs);
    }
}
