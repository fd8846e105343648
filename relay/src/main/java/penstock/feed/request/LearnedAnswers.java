package penstock.feed.request;

/**
 * What the connections of a feed have learned from the venue's answers. Owned by the feed thread.
 *
 * @param rejected symbols that the venue rejected
 * @param batches  the size of messages that it answers
 */
public record LearnedAnswers(RejectedSymbols rejected, BatchLimit batches) {
    /** Nothing yet; {@code title}: how the log calls the feed. */
    public LearnedAnswers(final String title) {
        this(new RejectedSymbols(), new BatchLimit(title));
    }
}
