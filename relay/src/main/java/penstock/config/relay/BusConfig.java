package penstock.config.relay;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.config.Inline;
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
    private static final int MAX_SUBJECT_CHARS = 128;

    /**
     * Servers of NATS.
     *
     * @param url     addresses of the servers, tried in turn; empty = no bus
     * @param subject the beginning of all subjects, with {@code {feed}} for the name of the feed
     * @param name    of the connection, for people; null = that of the relay
     */
    public record Nats(List<String> url, String subject, String name, @Inline Login login, FeedConfig.Tls tls) {
        /** Whether there is a bus. */
        public boolean isOn() {
            return !url.isEmpty();
        }

        @Override
        public String toString() {
            return EffectiveConfig.oneLine(this);
        }
    }

    /**
     * Who the relay is to NATS: at most one of these.
     *
     * @param credentialsFile a file with a token and the seed of its key, as the tools of NATS write it
     * @param user            with a password
     * @param passwordFile    of the user
     * @param tokenFile       instead of both
     */
    public record Login(String credentialsFile, String user, String passwordFile, String tokenFile) {
    }

    /** Reads the section, and records its problems; {@code folder} resolves relative paths. */
    static BusConfig read(final ConfigSection section, final Path folder) {
        final ConfigSection nats = section.section("nats");
        final Nats read = new Nats(nats.textOrTexts(URL), nats.text(SUBJECT, "penstock.{feed}"),
            nats.text("name", null), login(nats, folder), TlsFiles.ofFeed(nats.section("tls"), folder));
        for (final String address : read.url) {
            final String problem = problem(address);
            if (problem != null) {
                nats.problem(URL, problem);
            }
        }
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

    private static Login login(final ConfigSection section, final Path folder) {
        final Login login = new Login(path(section, "credentials-file", folder), section.text("user", null),
            path(section, "password-file", folder), path(section, "token-file", folder));
        if ((login.user == null) != (login.passwordFile == null)) {
            section.problem(login.user == null ? "password-file" : "user",
                "needs " + (login.user == null ? "user, whose password that is" : "password-file, with its password"));
        } else if ((login.user == null ? 0 : 1) + (login.tokenFile == null ? 0 : 1)
                + (login.credentialsFile == null ? 0 : 1) > 1) {
            section.problem(login.credentialsFile == null ? "token-file" : "credentials-file",
                "credentials-file, user with password-file, and token-file are three ways to log in: keep one of them");
        }
        return login;
    }

    private static String path(final ConfigSection section, final String key, final Path folder) {
        final String file = section.path(key, "must be the path of a file");
        return file == null ? null : folder.resolve(file).toString();
    }

    /** Never echoes the address: it may have a password. */
    private static String problem(final String address) {
        try {
            final URI uri = new URI(address);
            final boolean isPlain = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                && uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return !"nats".equals(uri.getScheme()) && !"tls".equals(uri.getScheme()) || uri.getHost() == null
                || !isPlain ? "must be addresses like nats://bus1:4222 or tls://bus1:4222, without a path and a "
                + "password; a user has keys of its own" : null;
        } catch (final URISyntaxException wrong) {
            return "has an entry that is no address: " + wrong.getReason() + " at character " + (wrong.getIndex() + 1);
        }
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
