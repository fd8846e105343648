package penstock.topic;

import java.util.Arrays;
import penstock.wire.MessageBuffer;

/**
 * Some fields of a value, or those that changed, or both, told by the versions of its fields. A value without fields is
 * shown whole. Owned by the shard.
 */
final class FieldsView implements ValueView {
    private static final long WHOLE = 0;

    private final VersionedObject image;
    private final FieldSelection wanted;
    private final boolean isDelta;
    /** Where the wanted fields were found last. */
    private final int[] places;
    private final EncodedText value = new EncodedText();
    private final EncodedText changes = new EncodedText();
    /** What was found last, and for which sequences: who comes right behind asks for the same. */
    private boolean isTouched;
    private long touchedQ = -1;
    private long touchedSinceQ = -1;

    FieldsView(final VersionedObject image, final View view) {
        this.image = image;
        wanted = new FieldSelection(view.fields());
        isDelta = view.delta();
        places = new int[wanted.count()];
        Arrays.fill(places, FieldTable.NONE);
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return image.fields() == null || sentQ >= image.fieldsKnownQ();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        final FieldTable fields = image.fields();
        if (fields == null || wanted.isAll()) {
            return fields == null ? image.q() > sentQ : fields.isChanged(sentQ);
        }
        if (touchedQ != image.q() || touchedSinceQ != sentQ) {
            touchedQ = image.q();
            touchedSinceQ = sentQ;
            isTouched = fields.newestChange() > sentQ && isAnyChanged(fields, sentQ);
        }
        return isTouched;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        final FieldTable fields = image.fields();
        if (fields == null || wanted.isAll()) {
            image.appendValue(out);
            return;
        }
        if (!value.is(image.q(), WHOLE)) {
            final MessageBuffer text = value.begin(image.q(), WHOLE);
            char before = '{';
            for (int i = 0; i < places.length; i++) {
                final int place = place(fields, i);
                if (place != FieldTable.NONE && fields.isLive(place)) {
                    fields.append(text.put(before), place);
                    before = ',';
                }
            }
            FieldTable.end(text, before);
        }
        value.appendTo(out);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        final FieldTable fields = image.fields();
        if (fields == null || !isDelta) {
            appendValue(out);
            return;
        }
        if (!changes.is(image.q(), sinceQ)) {
            final MessageBuffer text = changes.begin(image.q(), sinceQ);
            if (wanted.isAll()) {
                fields.appendChanges(text, sinceQ);
            } else {
                appendWantedChanges(text, fields, sinceQ);
            }
        }
        changes.appendTo(out);
    }

    private void appendWantedChanges(final MessageBuffer text, final FieldTable fields, final long sinceQ) {
        char before = '{';
        for (int i = 0; i < places.length; i++) {
            final int place = place(fields, i);
            if (place != FieldTable.NONE && fields.isChanged(place, sinceQ)) {
                fields.append(text.put(before), place);
                before = ',';
            }
        }
        FieldTable.end(text, before);
    }

    private boolean isAnyChanged(final FieldTable fields, final long sentQ) {
        for (int i = 0; i < places.length; i++) {
            final int place = place(fields, i);
            if (place != FieldTable.NONE && fields.isChanged(place, sentQ)) {
                return true;
            }
        }
        return false;
    }

    private int place(final FieldTable fields, final int i) {
        places[i] = fields.place(wanted.name(i), wanted.hash(i), places[i]);
        return places[i];
    }
}
