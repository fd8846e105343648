package penstock.topic.image;

import penstock.memory.MemoryShare;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * The selected fields of a value, or the changed ones among them, by the versions of the fields. A value that is no
 * object is shown whole. Owned by the shard's io thread.
 */
final class FieldsView implements ValueView {
    private static final long WHOLE = 0;

    private final VersionedObject image;
    private final FieldSelection selection;
    private final boolean isDelta;
    private final EncodedJson value;
    private final EncodedJson changes;
    private final MemoryShare memory;
    /** Null without rows. */
    private EncodedJson rows;
    /** The last answer of {@link #isChangedSince}: the next subscription in step asks for the same. */
    private boolean isChanged;
    private long isChangedQ = -1;
    private long isChangedSinceQ = -1;

    /** {@code memory} accounts what is encoded; null for a view without subscriptions. */
    FieldsView(final VersionedObject image, final View view, final MemoryShare memory) {
        this.image = image;
        selection = view.selection();
        isDelta = view.delta();
        this.memory = memory;
        value = new EncodedJson(memory);
        changes = new EncodedJson(memory);
    }

    @Override
    public void drop() {
        value.drop();
        changes.drop();
        if (rows != null) {
            rows.drop();
        }
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return image.fields() == null || sentQ >= image.fieldsKnownQ();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        final FieldTable fields = image.fields();
        if (fields == null || selection.isAll()) {
            return fields == null ? image.q() > sentQ : fields.isChanged(sentQ);
        }
        if (isChangedQ != image.q() || isChangedSinceQ != sentQ) {
            isChangedQ = image.q();
            isChangedSinceQ = sentQ;
            isChanged = fields.newestChange() > sentQ && isAnyChanged(fields, sentQ);
        }
        return isChanged;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        final FieldTable fields = image.fields();
        if (fields == null || selection.isAll()) {
            image.appendValue(out);
            return;
        }
        if (!value.append(out, image.q(), WHOLE)) {
            final int from = out.length();
            appendSelected(out, fields);
            value.keep(out, from, image.q(), WHOLE);
        }
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        final FieldTable fields = image.fields();
        if (fields == null || !isDelta) {
            appendValue(out);
            return;
        }
        if (!changes.append(out, image.q(), sinceQ)) {
            final int from = out.length();
            if (selection.isAll()) {
                fields.appendChanges(out, sinceQ);
                fields.appendRemoved(out, sinceQ);
            } else {
                appendSelectedChanges(out, fields, sinceQ);
            }
            changes.keep(out, from, image.q(), sinceQ);
        }
    }

    @Override
    public void appendRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        final long since = isDelta ? sinceQ : FieldTable.ALWAYS;
        if (!row.isShared()) {
            encodeRow(out, sinceQ, since, row);
            return;
        }
        if (rows == null) {
            rows = new EncodedJson(memory);
        }
        if (!rows.append(out, image.q(), since)) {
            final int from = out.length();
            encodeRow(out, sinceQ, since, row);
            rows.keep(out, from, image.q(), since);
        }
    }

    private void encodeRow(final MessageBuffer out, final long sinceQ, final long since, final RowBuilder row) {
        final FieldTable fields = image.fields();
        if (fields != null && addFields(row.begin(), fields, since)) {
            row.end(out);
        } else {
            ValueView.super.appendRow(out, sinceQ, row);
        }
    }

    private boolean addFields(final RowBuilder row, final FieldTable fields, final long since) {
        if (selection.isAll()) {
            return fields.addChanges(row, since);
        }
        for (int i = 0; i < selection.count(); i++) {
            final int slot = selection.slot(fields, i);
            if (slot != FieldTable.NONE && fields.isChanged(slot, since) && !fields.add(row, slot)) {
                return false;
            }
        }
        return true;
    }

    private void appendSelected(final MessageBuffer text, final FieldTable fields) {
        char before = '{';
        for (int i = 0; i < selection.count(); i++) {
            final int slot = selection.slot(fields, i);
            if (slot != FieldTable.NONE && fields.isLive(slot)) {
                fields.append(text.put(before), slot);
                before = ',';
            }
        }
        FieldTable.end(text, before);
    }

    private void appendSelectedChanges(final MessageBuffer text, final FieldTable fields, final long sinceQ) {
        char before = '{';
        boolean isAnyRemoved = false;
        for (int i = 0; i < selection.count(); i++) {
            final int slot = selection.slot(fields, i);
            if (slot != FieldTable.NONE && fields.isChanged(slot, sinceQ)) {
                fields.append(text.put(before), slot);
                before = ',';
                isAnyRemoved |= !fields.isLive(slot);
            }
        }
        FieldTable.end(text, before);
        if (isAnyRemoved) {
            appendSelectedRemoved(text, fields, sinceQ);
        }
    }

    private void appendSelectedRemoved(final MessageBuffer text, final FieldTable fields, final long sinceQ) {
        int removed = 0;
        for (int i = 0; i < selection.count(); i++) {
            final int slot = selection.slot(fields, i);
            if (slot != FieldTable.NONE && !fields.isLive(slot) && fields.isChanged(slot, sinceQ)) {
                fields.appendRemoved(text, slot, removed++);
            }
        }
        FieldTable.endRemoved(text, removed);
    }

    private boolean isAnyChanged(final FieldTable fields, final long sentQ) {
        for (int i = 0; i < selection.count(); i++) {
            final int slot = selection.slot(fields, i);
            if (slot != FieldTable.NONE && fields.isChanged(slot, sentQ)) {
                return true;
            }
        }
        return false;
    }
}
