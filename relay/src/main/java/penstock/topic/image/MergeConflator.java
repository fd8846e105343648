package penstock.topic.image;

import penstock.ring.Conflator;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.wire.MessageBuffer;

/**
 * Conflates changed fields: it keeps the newest value of each. A full object replaces everything before it, a removed
 * field stays as null. Owned by the feed thread.
 */
final class MergeConflator implements Conflator {
    private static final int KEPT_BYTES = 16 * 1024;

    private final JsonMembers members = new JsonMembers();
    private FieldTable fields = new FieldTable(false);
    private MessageBuffer conflated = new MessageBuffer(256);
    private UpdateKind kind = UpdateKind.DELTA;

    @Override
    public void add(final UpdateSlice update) {
        if (update.kind != UpdateKind.DELTA) {
            fields.clear();
            kind = update.kind;
        } else if (kind == UpdateKind.REMOVE) {
            kind = UpdateKind.SNAPSHOT;
        }
        if (update.kind != UpdateKind.REMOVE) {
            members.wrap(update.publishedBuffer(), update.publishedOffset(), update.publishedLength());
            while (members.next()) {
                if (members.isNull()) {
                    fields.remove(members, 0, true);
                } else {
                    fields.set(members, 0, 0);
                }
            }
        }
    }

    @Override
    public void writeTo(final UpdateSlice target) {
        fields.appendAll(conflated.clear());
        target.set(conflated.bytes(), 0, conflated.length(), 0, conflated.length());
        target.kind = kind;
    }

    @Override
    public boolean fits(final int bytes) {
        return fields.maxBytes() <= bytes;
    }

    @Override
    public void clear() {
        if (fields.maxBytes() > KEPT_BYTES) {
            fields = new FieldTable(false);
            conflated = new MessageBuffer(256);
        } else {
            fields.clear();
        }
        kind = UpdateKind.DELTA;
    }
}
