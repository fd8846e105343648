package penstock.topic.image;

import penstock.memory.MemoryShare;
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
    private final EncodedJson value;

    /**
     * Events are complete in themselves, so their changes are always known. {@code memory} accounts what is
     * encoded; null for a view without subscriptions.
     */
    MembersView(final LastValueImage image, final View view, final boolean isEventChannel, final MemoryShare memory) {
        this.image = image;
        selection = view.selection();
        value = new EncodedJson(memory);
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
        if (!value.append(out, image.q(), 0)) {
            final int from = out.length();
            selection.appendMembers(out, members);
            value.keep(out, from, image.q(), 0);
        }
    }

    @Override
    public void drop() {
        value.drop();
    }
}
