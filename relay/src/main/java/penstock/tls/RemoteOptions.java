package penstock.tls;

import java.net.http.HttpClient;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command shows a relay who it is, and knows the relay. Owned by the main thread. */
public final class RemoteOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--token-env", paramLabel = "NAME",
        description = "the environment variable with the key or token that the relay asks for")
    private String tokenVariable;

    @Option(names = "--ca", paramLabel = "FILE",
        description = "PEM file of the authorities to trust for TLS. Default: those of the JVM")
    private Path authorities;

    /**
     * Null without one. A command line is no place for it: other users of the machine can read that.
     *
     * @throws CommandLine.ParameterException if the variable has none
     */
    public String token() {
        if (tokenVariable == null) {
            return null;
        }
        final String token = System.getenv(tokenVariable);
        check(token != null && !token.isBlank(), "is not set, or empty");
        check(token.trim().chars().allMatch(c -> c > ' ' && c < 0x7f), "has a character that no token may have");
        return token.trim();
    }

    private void check(final boolean isValid, final String problem) {
        if (!isValid) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "--token-env: the environment variable " + tokenVariable + ' ' + problem);
        }
    }

    /**
     * The client that {@code builder} makes, with the authorities that were named.
     *
     * @throws CommandLine.ParameterException if their file cannot be read
     */
    public HttpClient client(final HttpClient.Builder builder) {
        if (authorities == null) {
            return builder.build();
        }
        try {
            return builder.sslContext(TlsContexts.of(null, TlsContexts.authorities("--ca", authorities))).build();
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
