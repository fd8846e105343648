package penstock.wire;

import java.util.List;

/**
 * The content of the welcome message. {@code version} is the relay's, the first of {@code feeds} that of requests that
 * name none. Immutable.
 */
public record WelcomeInfo(String version, String session, long epoch, List<FeedInfo> feeds, String auth,
        SessionLimits limits, long heartbeatMs) {
}
