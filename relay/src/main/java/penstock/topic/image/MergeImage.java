package penstock.topic.image;

import penstock.memory.MemoryShare;
import penstock.ring.Tick;
import penstock.ring.UpdateKind;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * The newest value of each field of a JSON object. Images and updates send the merged object, encoded once for all
 * subscriptions. Views use the versions that the table has anyway. Owned by the shard's io thread.
 */
final class MergeImage implements VersionedObject {
    private final FieldTable fields = new FieldTable(true);
    private final JsonMembers members = new JsonMembers();
    private final MessageBuffer whole = new MessageBuffer(256);
    /** Null without rows. */
    private EncodedJson rows;
    private final MemoryShare memory;
    private ViewList views = ViewList.NONE;
    private long q;
    private long wholeQ = -1;
    private int round;

    MergeImage(final MemoryShare memory) {
        this.memory = memory;
    }

    @Override
    public void store(final Tick tick, final byte[] payloads) {
        q = tick.q();
        round++;
        if (tick.kind() != UpdateKind.REMOVE) {
            members.wrap(payloads, tick.offset() + tick.valueOffset(), tick.valueLength());
            while (members.next()) {
                if (members.isNull()) {
                    fields.remove(members, q, false);
                } else {
                    fields.set(members, q, round);
                }
            }
        }
        if (tick.kind() != UpdateKind.DELTA) {
            fields.keepOnly(round, q);
        }
        fields.prune();
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        if (wholeQ != q) {
            fields.appendChanges(whole.clear(), FieldTable.ALWAYS);
            wholeQ = q;
        }
        out.put(whole.bytes(), 0, whole.length());
    }

    @Override
    public void appendRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        if (!row.isShared()) {
            encodeRow(out, sinceQ, row);
            return;
        }
        if (rows == null) {
            rows = new EncodedJson(null);
        }
        if (!rows.append(out, q, 0)) {
            final int from = out.length();
            encodeRow(out, sinceQ, row);
            rows.keep(out, from, q, 0);
        }
    }

    private void encodeRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        if (fields.addChanges(row.begin(), FieldTable.ALWAYS)) {
            row.end(out);
        } else {
            VersionedObject.super.appendRow(out, sinceQ, row);
        }
    }

    @Override
    public void addView(final View view) {
        if (!views.retain(view)) {
            views = views.own(memory);
            views.add(view, new FieldsView(this, view, memory));
        }
    }

    @Override
    public void removeView(final View view) {
        views.release(view);
    }

    @Override
    public long viewGrowth(final View view) {
        return views.growth(view);
    }

    @Override
    public boolean hasViews() {
        return !views.isEmpty();
    }

    @Override
    public ValueView valueIn(final View view) {
        final ValueView found = views.find(view);
        return found != null ? found : new FieldsView(this, view, null);
    }

    @Override
    public boolean appendChanged(final MessageBuffer out) {
        if (q - 1 < fields.pruned()) {
            return false;
        }
        fields.appendChanges(out, q - 1);
        return true;
    }

    @Override
    public void appendRemoved(final MessageBuffer out) {
        fields.appendRemoved(out, q - 1);
    }

    @Override
    public long q() {
        return q;
    }

    @Override
    public FieldTable fields() {
        return fields;
    }

    @Override
    public long fieldsKnownQ() {
        return fields.pruned();
    }
}
