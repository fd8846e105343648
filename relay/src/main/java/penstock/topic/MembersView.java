package penstock.topic;

import penstock.wire.MessageBuffer;

/**
 * Some fields of a value about which no more is known than the value itself: of an event, or in a view that nobody
 * holds. Owned by the shard.
 */
final class MembersView implements ValueView {
    private final NewestImage image;
    private final FieldSelection wanted;
    private final boolean isKnown;
    private final JsonMembers members = new JsonMembers();
    private final EncodedText value = new EncodedText();

    /** {@code isKnown} when what was before does not matter. */
    MembersView(final NewestImage image, final View view, final boolean isKnown) {
        this.image = image;
        wanted = new FieldSelection(view.fields());
        this.isKnown = isKnown;
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return isKnown;
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        return image.isChangedSince(sentQ) && (wanted.isAll() || !image.wrap(members) || hasWanted());
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        if (wanted.isAll() || !image.wrap(members)) {
            image.appendValue(out);
            return;
        }
        if (!value.is(image.q(), 0)) {
            final MessageBuffer text = value.begin(image.q(), 0);
            char before = '{';
            while (members.next()) {
                if (wanted.has(members)) {
                    text.put(before).put(members.buffer(), members.keyOffset(), members.keyLength()).put(':');
                    text.put(members.buffer(), members.valueOffset(), members.valueLength());
                    before = ',';
                }
            }
            FieldTable.end(text, before);
        }
        value.appendTo(out);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        appendValue(out);
    }

    private boolean hasWanted() {
        while (members.next()) {
            if (wanted.has(members)) {
                return true;
            }
        }
        return false;
    }
}
