package penstock.topic.image;

import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.Tick;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * The newest update, which is a complete value: class {@code last-value}, and the newest event. While a view needs
 * them, it keeps the versions of an object's fields, beginning with the value at the first such subscription. Owned by
 * the shard's io thread.
 */
final class LastValueImage implements VersionedObject {
    /** Of the table of fields of a value like a quote: a topic has one, for any number of views. */
    private static final int FIELDS_BYTES = 1_024;

    private final boolean isEventChannel;
    private byte[] payload = {};
    private int payloadBytes;
    private int valueOffset;
    private int valueBytes;
    private long q;

    private final MemoryShare memory;
    private ViewList views = ViewList.NONE;
    /** Null without rows. */
    private EncodedJson rows;
    /** Null while no row needs it. */
    private JsonMembers walk;
    /** Null while no view needs it, and always for events, which are complete in themselves. */
    private FieldTable fields;
    private JsonMembers members;
    private int round;
    private boolean isObject;
    private long knownQ;

    LastValueImage(final boolean isEventChannel, final MemoryShare memory) {
        this.isEventChannel = isEventChannel;
        this.memory = memory;
    }

    @Override
    public void store(final Tick tick, final byte[] payloads) {
        payloadBytes = tick.length();
        valueOffset = tick.valueOffset();
        valueBytes = tick.valueLength();
        q = tick.q();
        // the value may follow the payload
        final int stored = Math.max(payloadBytes, valueOffset + valueBytes);
        if (payload.length < stored) {
            // rows read eight bytes at a time
            payload = new byte[stored + (stored >> 3) + Long.BYTES];
        }
        System.arraycopy(payloads, tick.offset(), payload, 0, stored);
        if (fields != null) {
            compareFields();
        }
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        out.put(payload, valueOffset, valueBytes);
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
        if (row.writeFlat(out, payload, valueOffset, valueBytes)) {
            return;
        }
        if (walk == null) {
            walk = new JsonMembers();
        }
        if (wrap(walk) && View.FULL.selection().addMembers(row.begin(), walk)) {
            row.end(out);
        } else {
            VersionedObject.super.appendRow(out, sinceQ, row);
        }
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    @Override
    public int payloadBytes() {
        return payloadBytes;
    }

    @Override
    public void addView(final View view) {
        if (views.retain(view)) {
            return;
        }
        views = views.own(memory);
        if (isEventChannel) {
            views.add(view, new MembersView(this, view, true, memory));
            return;
        }
        if (fields == null) {
            memory.reserve(MemoryUse.VIEWS, FIELDS_BYTES);
            fields = new FieldTable(true);
            members = new JsonMembers();
            isObject = false;
            compareFields();
        }
        views.add(view, new FieldsView(this, view, memory));
    }

    @Override
    public void removeView(final View view) {
        views.release(view);
        if (views.isEmpty() && fields != null) {
            memory.release(MemoryUse.VIEWS, FIELDS_BYTES);
            fields = null;
            members = null;
        }
    }

    @Override
    public long viewGrowth(final View view) {
        return views.growth(view) + (fields == null && !isEventChannel ? FIELDS_BYTES : 0);
    }

    @Override
    public boolean hasViews() {
        return !views.isEmpty();
    }

    @Override
    public ValueView valueIn(final View view) {
        final ValueView found = views.find(view);
        return found != null ? found : new MembersView(this, view, isEventChannel, null);
    }

    @Override
    public boolean appendChanged(final MessageBuffer out) {
        if (fields == null || !isObject || q - 1 < fieldsKnownQ()) {
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
        return isObject ? fields : null;
    }

    @Override
    public long fieldsKnownQ() {
        return Math.max(knownQ, fields.pruned());
    }

    /** Starts {@code walk} on the value's members; false if the value is no object. */
    boolean wrap(final JsonMembers walk) {
        int at = valueOffset;
        while (at < valueOffset + valueBytes && payload[at] <= ' ') {
            at++;
        }
        if (at == valueOffset + valueBytes || payload[at] != '{') {
            return false;
        }
        walk.wrap(payload, valueOffset, valueBytes);
        return true;
    }

    /**
     * A subscription that was sent a value without fields before an object is sent the whole object: changes are known
     * from the object on.
     */
    private void compareFields() {
        final boolean wasObject = isObject;
        isObject = wrap(members);
        if (!isObject) {
            fields.clear();
            return;
        }
        if (!wasObject) {
            knownQ = q;
        }
        round++;
        while (members.next()) {
            fields.set(members, q, round);
        }
        fields.keepOnly(round, q);
        fields.prune();
    }
}
