package penstock.fanout.harm;

import java.util.Locale;
import penstock.fanout.schedule.SubscriptionSchedule;
import penstock.fanout.subscription.Subscription;

/** Why a subscription does not have everything yet. A new cause is a constant here and a row in the operator's page. */
public enum BehindCause {
    /** The client's socket takes no more bytes. */
    SOCKET,
    /** The subscription's limit of updates per second is used up. */
    RATE,
    /** The subscription's limit of bytes per second is used up. */
    BANDWIDTH,
    /** The subscription's interval has not ended; a page in the background asks for a long one. */
    INTERVAL,
    /** A request changes the subscription. */
    REQUEST,
    /** What the client may see has changed, and the subscription has to follow first. */
    RIGHTS,
    /** The relay has not come to it yet. */
    RELAY;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The cause in a word. */
    public String text() {
        return text;
    }

    static BehindCause of(final Subscription subscription, final boolean isBlocked) {
        final SubscriptionSchedule.Wait wait = subscription.schedule().waitsFor();
        return switch (wait) {
            case INTERVAL -> INTERVAL;
            case RATE -> subscription.rateLimit() != null && subscription.rateLimit().updates() == 0 ? RATE : BANDWIDTH;
            case SOCKET -> isBlocked ? SOCKET : RIGHTS;
            case REQUEST -> REQUEST;
            case TURN -> RELAY;
        };
    }
}
