package penstock.config.relay;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import penstock.config.BusLogin;
import penstock.config.ConfigSection;
import penstock.config.Inline;
import penstock.config.ServiceKeys;
import penstock.config.SourceText;

/**
 * Where a relay publishes its feeds beside its own sessions. Immutable.
 *
 * @param nats the only kind of bus
 */
public record BusConfig(Nats nats) {
    private static final String URL = "url";
    private static final String SUBJECT = "subject";
    private static final String FEED = "{feed}";
    static final int MAX_SUBJECT_CHARS = 128;
    static final String DEFAULT_SUBJECT = "penstock.{feed}";

    /**
     * Servers of NATS.
     *
     * @param url     addresses of the servers, tried in turn; empty = no bus
     * @param subject the beginning of all subjects, with {@code {feed}} for the name of the feed
     * @param name    of the connection, for people; null = that of the relay
     */
    public record Nats(List<String> url, String subject, String name, @Inline BusLogin login, FeedConfig.Tls tls) {
        /** Whether there is a bus. */
        public boolean isOn() {
            return !url.isEmpty();
        }

        @Override
        public String toString() {
            return EffectiveConfig.oneLine(this);
        }
    }

    /** Reads the section, and records its problems; {@code folder} resolves relative paths. */
    static BusConfig read(final ConfigSection section, final Path folder) {
        final ConfigSection nats = section.section("nats");
        final Nats read = new Nats(nats.textOrTexts(URL), nats.text(SUBJECT, DEFAULT_SUBJECT),
            nats.text("name", null), BusLogin.read(nats, folder), TlsFiles.ofFeed(nats.section("tls"), folder));
        ServiceKeys.checkAddresses(nats, URL, read.url, Set.of("nats", "tls"), "nats://bus1:4222 or tls://bus1:4222");
        checkSubject(nats, read.subject);
        if (read.name != null && !read.name.matches("[A-Za-z0-9._:-]{1,64}")) {
            nats.problem("name", "must be 1 to 64 of A-Z a-z 0-9 . _ : -, got " + SourceText.of(read.name));
        }
        if (read.isOn() && read.url.stream().noneMatch(address -> address.startsWith("tls:"))
                && !read.tls.equals(FeedConfig.Tls.DEFAULT)) {
            nats.problem("tls", "has no effect: no address in url begins with tls://");
        }
        return new BusConfig(read);
    }

    private static void checkSubject(final ConfigSection section, final String subject) {
        final List<String> words = Arrays.asList(subject.split("\\.", -1));
        if (subject.length() > MAX_SUBJECT_CHARS
                || words.stream().anyMatch(word -> !word.equals(FEED) && !word.matches("[A-Za-z0-9_-]+"))) {
            section.problem(SUBJECT, "must be words of A-Z a-z 0-9 _ - with dots between, at most " + MAX_SUBJECT_CHARS
                + " characters, got " + SourceText.of(subject));
        } else if (words.stream().filter(FEED::equals).count() != 1) {
            section.problem(SUBJECT, "must have {feed} as one of its words, like penstock.{feed}, so that feeds do not "
                + "mix; got " + SourceText.of(subject));
        }
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
