package penstock.fanout.frame;

import penstock.fanout.subscription.Subscription;
import penstock.rows.ColumnTable;
import penstock.rows.RowText;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;

/**
 * Messages of rows. What they need to be read, the numbers of topics and the columns of the channel, goes out in a
 * message of its own in front of the first one: so sessions that need the same are sent the same bytes, whether they
 * knew more or less before. Owned by the shard's io thread; one for all its sessions.
 */
final class RowEncoder {
    private final TopicTable table;
    private final FrameBuilder frames;
    private final WriteBudget budget;
    private final Announcement announcement = new Announcement();
    private final MessageBuffer text = new MessageBuffer(1024);
    private long sum;

    RowEncoder(final TopicTable table, final FrameBuilder frames, final WriteBudget budget) {
        this.table = table;
        this.frames = frames;
        this.budget = budget;
    }

    /** Begins a message, which {@link FrameBuilder#startMessage} began. */
    void begin() {
        sum = 0;
        announcement.clear();
    }

    /** An entry of sequence {@code q} follows. */
    void onEntry(final long q) {
        sum += q;
    }

    /** Announces a topic that an entry needs; its next entry counts from {@code q}. Once in a message. */
    void announce(final int slot, final Topic topic, final long q) {
        if (announcement.add(slot)) {
            RowText.putTopic(announcement.topics(), announcement.count() == 1, topic.id(), topic.symbol(), q);
        }
    }

    /** Ends the message; null when the write has no room for it. */
    PendingFrame end(final Subscription subscription, final long tsUs, final long p) {
        final ColumnTable columns = subscription.channel().row().columns();
        if ((announcement.count() > 0 || columns.count() > subscription.announcedColumns())
                && !announce(subscription, columns)) {
            return null;
        }
        RowText.beginMessage(frames.head, subscription.label(), Subscription.nameOffset(), subscription.nameBytes(),
            tsUs, p, sum);
        frames.position(table.epoch(), p);
        frames.entries.put(']');
        final PendingFrame frame = frames.endPlain(subscription);
        if (frame != null) {
            frame.keepsAnnounced = true;
        }
        return frame;
    }

    private boolean announce(final Subscription subscription, final ColumnTable columns) {
        RowText.beginAnnouncement(text.clear(), subscription.label(), Subscription.nameOffset(),
            subscription.nameBytes(), columns.count() > subscription.announcedColumns() ? columns : null);
        text.put(announcement.topics().bytes(), 0, announcement.topics().length());
        RowText.endAnnouncement(text);
        if (frames.putAnnouncement(subscription, text, announcement.slots(), announcement.count(),
                columns.count()) == null) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        return true;
    }
}
