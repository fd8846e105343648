package penstock.config;

import java.nio.file.Path;

/**
 * Who the relay is to NATS: at most one of these. Immutable.
 *
 * @param credentialsFile a file with a token and the seed of its key, as the tools of NATS write it
 * @param user            with a password
 * @param passwordFile    of the user
 * @param tokenFile       instead of both
 */
public record BusLogin(String credentialsFile, String user, String passwordFile, String tokenFile) {
    /** It does not log in. */
    public static final BusLogin NONE = new BusLogin(null, null, null, null);

    /** Reads the keys of a section, and records their problems; {@code folder} resolves relative paths. */
    public static BusLogin read(final ConfigSection section, final Path folder) {
        final BusLogin login = new BusLogin(ServiceKeys.file(section, "credentials-file", folder),
            section.text("user", null), ServiceKeys.file(section, "password-file", folder),
            ServiceKeys.file(section, "token-file", folder));
        if (ServiceKeys.isWhole(section, login.user, login.passwordFile)
                && (login.user == null ? 0 : 1) + (login.tokenFile == null ? 0 : 1)
                + (login.credentialsFile == null ? 0 : 1) > 1) {
            section.problem(login.credentialsFile == null ? "token-file" : "credentials-file",
                "credentials-file, user with password-file, and token-file are three ways to log in: keep one of them");
        }
        return login;
    }
}
