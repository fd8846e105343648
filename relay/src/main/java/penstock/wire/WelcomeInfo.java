package penstock.wire;

/** The content of the welcome message. {@code version} is the relay's. Immutable. */
public record WelcomeInfo(String version, String session, long epoch, FeedInfo feed, String auth, SessionLimits limits,
        long heartbeatMs) {
}
