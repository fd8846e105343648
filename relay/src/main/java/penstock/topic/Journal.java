package penstock.topic;

import penstock.ring.TopicState;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * The newest updates of topics where each update counts, in the order in which they came. It stores the topics of event
 * channels always, other topics while they have readers. Owned by the shard's io thread.
 */
public final class Journal {
    private static final int KEPT_TEXT_BYTES = 256 * 1024;
    /** Bytes per mark of an overwritten entry: about one mark per entry, for a twentieth of the size. */
    private static final int BYTES_PER_OVERWRITE = 512;

    private final JournalEntries entries;
    private final JournalProjection projection;
    private final ResumeIndex resumeIndex;
    private final OverwriteIndex overwrites;
    private final JournalRefCounts readers;
    private MessageBuffer text = new MessageBuffer(1024);
    private int topicCount;

    /** {@code bytes} are rounded down to a power of two, at least 64 KiB and at most 1 GiB; 0 stores nothing. */
    public Journal(final long bytes) {
        final int maxBytes = JournalEntries.maxBytes(bytes);
        overwrites = new OverwriteIndex(maxBytes / BYTES_PER_OVERWRITE);
        readers = new JournalRefCounts(maxBytes);
        entries = new JournalEntries(bytes, overwrites);
        projection = new JournalProjection(entries);
        resumeIndex = new ResumeIndex(entries, overwrites, readers);
        ensureTopic(255);
    }

    /** True if it stores nothing at all. */
    public boolean isOff() {
        return entries.isOff();
    }

    /** The stored entries. */
    public JournalEntries entries() {
        return entries;
    }

    /** The entries as views show them. */
    public JournalProjection projection() {
        return projection;
    }

    /** The sequences at the positions where subscriptions resume. */
    public ResumeIndex resumeIndex() {
        return resumeIndex;
    }

    /** Stores every update of the topic from now on, until one lap after its last reader left. */
    public void addReader(final Topic topic) {
        ensureTopic(topic.id());
        if (!readers.isStored(topic, entries.head())) {
            entries.begin(topic);
            overwrites.begin(topic);
            resumeIndex.begin(topic);
        }
        readers.add(topic.id());
    }

    /** Takes back one {@link #addReader}. */
    public void removeReader(final Topic topic) {
        readers.remove(topic.id(), entries.head());
    }

    /** Stores the upstream's payloads of a topic that has a reader, too. */
    public void addPayloadReader(final Topic topic) {
        readers.addPayloads(topic.id(), 1);
    }

    /** Takes back one {@link #addPayloadReader}. */
    public void removePayloadReader(final Topic topic) {
        readers.addPayloads(topic.id(), -1);
    }

    /**
     * Stores what stands in front of the value in an entry of JSON, too, for a topic that has a reader: its readers
     * share it. Without it, it is made for the reader that needs it after all.
     */
    public void addJsonReader(final Topic topic) {
        readers.addJson(topic.id(), 1);
    }

    /** Takes back one {@link #addJsonReader}. */
    public void removeJsonReader(final Topic topic) {
        readers.addJson(topic.id(), -1);
    }

    /** Forgets a topic without readers: no reader finds its entries any more. */
    void forget(final int topic) {
        if (topic < topicCount) {
            entries.forget(topic);
            overwrites.forget(topic);
            readers.forget(topic);
            resumeIndex.forget(topic);
        }
    }

    /** There is no topic and no reader: nothing is stored any more, and lower positions may follow. */
    void clear() {
        entries.clear();
        overwrites.clear();
    }

    /** Stores the newest update of a topic if the topic is stored; true if it did. */
    boolean store(final Topic topic, final TopicState state) {
        if (isOff() || !readers.isStored(topic, entries.head())) {
            return false;
        }
        final int id = topic.id();
        ensureTopic(id);
        if (text.bytes().length > KEPT_TEXT_BYTES) {
            text = new MessageBuffer(1024);
        }
        final boolean isEvent = topic.channel().isEventChannel();
        final boolean isImage =
            !topic.knowsChangesSince(topic.q() - 1, View.FULL) || !isEvent && resumeIndex.isSkipped(id);
        final int valueAt = topic.appendStored(text.clear(), state, isImage, readers.hasJson(id));
        final int bytes = text.length();
        final int changed = isEvent ? JournalEntries.NO_CHANGES : appendChanged(topic, isImage);
        final int beforeRemoved = text.length();
        if (changed >= 0) {
            topic.appendRemoved(text);
        }
        final int removed = text.length() - beforeRemoved;
        if (readers.hasPayloads(id) && topic.payload() != null) {
            text.put(topic.payload(), 0, topic.payloadBytes());
        }
        if (!entries.fits(text.length())) {
            resumeIndex.skip(topic);
            return false;
        }
        if (resumeIndex.isSkipped(id)) {
            // Some earlier readers were sent the skipped image, others not: positions before this one are unknown.
            resumeIndex.begin(topic);
        }
        entries.write(topic, state, text, valueAt, isImage ? -bytes : bytes, changed, removed);
        if (readers.hasSeveralOfRows(id)) {
            entries.share(id);
        }
        return true;
    }

    private int appendChanged(final Topic topic, final boolean isImage) {
        final int before = text.length();
        return !isImage && topic.hasViews() && topic.appendChanged(text) ? text.length() - before
            : JournalEntries.UNKNOWN_CHANGES;
    }

    private void ensureTopic(final int id) {
        if (id >= topicCount) {
            topicCount = Math.max(id + 1, topicCount * 2);
            entries.ensureTopics(topicCount);
            overwrites.ensureTopics(topicCount);
            readers.ensureTopics(topicCount);
            resumeIndex.ensureTopics(topicCount);
        }
    }
}
