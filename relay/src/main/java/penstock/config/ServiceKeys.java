package penstock.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Keys that say where a service beside the relay is, and who the relay is to it. */
public final class ServiceKeys {
    private ServiceKeys() {
    }

    /** Records what is wrong with addresses that have one of these schemes, and look like {@code example}. */
    public static void checkAddresses(final ConfigSection section, final String key, final List<String> addresses,
            final Set<String> schemes, final String example) {
        for (final String address : addresses) {
            final String problem = problem(address, schemes, example);
            if (problem != null) {
                section.problem(key, problem);
            }
        }
    }

    /** Never echoes the address: it may have a password. */
    private static String problem(final String address, final Set<String> schemes, final String example) {
        try {
            final URI uri = new URI(address);
            final boolean isPlain = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                && uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return isPlain && uri.getHost() != null && uri.getScheme() != null && schemes.contains(uri.getScheme())
                ? null : "must be addresses like " + example + ", without a path and a password; a user has keys of "
                + "its own";
        } catch (final URISyntaxException wrong) {
            return "has an entry that is no address: " + wrong.getReason() + " at character " + (wrong.getIndex() + 1);
        }
    }

    /** The path of a file in {@code folder}; null = none is set. */
    public static String file(final ConfigSection section, final String key, final Path folder) {
        final String file = section.path(key, "must be the path of a file");
        return file == null ? null : folder.resolve(file).toString();
    }

    /** Whether a user and the file of its password are both set, or neither; records a problem if not. */
    public static boolean isWhole(final ConfigSection section, final String user, final String passwordFile) {
        if ((user == null) == (passwordFile == null)) {
            return true;
        }
        section.problem(user == null ? "password-file" : "user",
            "needs " + (user == null ? "user, whose password that is" : "password-file, with its password"));
        return false;
    }
}
