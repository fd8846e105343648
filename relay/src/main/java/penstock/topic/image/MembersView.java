package penstock.topic.image;

import penstock.wire.MessageBuffer;

/**
 * Selected fields of a value without versions per field: of an event, or in a view that no subscription uses. Owned by
 * the shard's io thread.
 */
final class MembersView implements ValueView {
    private final LastValueImage image;
    private final FieldSelection selection;
    private final boolean isEventChannel;
    private final JsonMembers members = new JsonMembers();
    private final EncodedJson value = new EncodedJson();

    /** Events are complete in themselves, so their changes are always known. */
    MembersView(final LastValueImage image, final View view, final boolean isEventChannel) {
        this.image = image;
        selection = new FieldSelection(view.fields());
        this.isEventChannel = isEventChannel;
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return isEventChannel;
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        return image.isChangedSince(sentQ)
            && (selection.isAll() || !image.wrap(members) || selection.matchesAny(members));
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        if (selection.isAll() || !image.wrap(members)) {
            image.appendValue(out);
            return;
        }
        if (!value.is(image.q(), 0)) {
            selection.appendMembers(value.begin(image.q(), 0), members);
        }
        value.appendTo(out);
    }
}
