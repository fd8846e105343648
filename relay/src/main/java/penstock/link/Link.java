package penstock.link;

import java.util.List;
import penstock.feed.report.FeedReport;

/**
 * A link to another relay, over a connection or over a bus. Owned by the feed thread; other threads use the
 * {@link LinkProxy}.
 */
public interface Link {
    /** Connects. */
    void onStart();

    /** Closes the connection; {@link LinkStatus#stopped} is done afterwards. */
    void onStop();

    /** Closes the connection at once, and opens none any more; {@code why} null: it may be opened again. */
    void onSuspend(String why);

    /** One more subscriber of these symbols. */
    void onAddInterest(int channel, List<String> symbols);

    /** One subscriber of these symbols less. */
    void onRemoveInterest(int channel, List<String> symbols);

    /** What the operator sees of it. */
    FeedReport onReport();

    /** The feed thread has ended, and with it the connection. Any thread. */
    void onThreadEnded();

    /** Where it is. Any thread. */
    LinkStatus status();
}
