package penstock;

import java.io.IOException;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import penstock.config.ConfigException;
import penstock.recording.RecordingException;
import penstock.replay.ReplayCommand;
import penstock.tap.TapCommand;
import penstock.top.TopCommand;
import penstock.text.Version;
import penstock.venue.listing.VenuesCommand;
import penstock.upstream.ProxyRoutes;
import penstock.venue.plugin.PluginJars;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line; without a command it runs the demo. Owned by the main thread. */
@Command(name = "relay", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
    header = "Penstock: one market-data feed in, thousands of subscribers out, each at its own pace.",
    description =
    {"", "Without a command it runs the demo: an embedded feed and the relay on http://localhost:8080.", ""},
    subcommands =
    {DemoCommand.class, RunCommand.class, CheckCommand.class, ProbeCommand.class,
    ReplayCommand.class,
    TapCommand.class,
    VenuesCommand.class,
    TopCommand.class, StatCommand.class, ErrorsCommand.class, KeyCommand.class, UsageCommand.class})
public final class Main {
    private static final String KEPT_ADDRESSES = "networkaddress.cache.ttl";
    private static final String KEPT_FAILURES = "networkaddress.cache.negative.ttl";
    /** What {@code conf/security/java.security} of a JDK says. */
    private static final String KEPT_FAILURES_OF_THE_JDK = "10";
    private static final String PLUGINS = "--plugins";
    private static final List<String> OWN = List.of("--help", "-h", "--version", "-V");

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    @Option(names = PLUGINS, paramLabel = "DIR",
        description = "before the command: look for plugins in the jars of this folder, too")
    private void plugins(final Path folder) {
        try {
            PluginJars.load(folder);
        } catch (final IOException e) {
            throw new ParameterException(spec.commandLine(), PLUGINS + ": " + e.getMessage());
        }
    }

    /** Runs one command and exits with its code. */
    public static void main(final String[] args) {
        System.exit(run(args));
    }

    static int run(final String... args) {
        ProxyRoutes.allowBasicCredentials();
        lookUpNamesAgain();
        final int own = args.length == 0 || !args[0].startsWith(PLUGINS) ? 0 : args[0].equals(PLUGINS) ? 2 : 1;
        final String[] rest = Arrays.copyOfRange(args, Math.min(own, args.length), args.length);
        final boolean named = rest.length > 0 && (!rest[0].startsWith("-") || OWN.contains(rest[0]));
        final List<String> all = new ArrayList<>(Arrays.asList(args).subList(0, Math.min(own, args.length)));
        all.addAll(Arrays.asList(named ? asOption(rest) : withDemo(rest)));
        return new CommandLine(new Main()).setUsageHelpWidth(110).setExecutionExceptionHandler(Main::explain)
            .setParameterExceptionHandler(Main::pointToHelp).execute(all.toArray(String[]::new));
    }

    /**
     * The Java machine keeps the address of a name for 30 s, and for 10 s that there is none; a venue that moves may
     * have another sooner. The back-off of the connection, not this, bounds how often a name is looked up.
     */
    private static void lookUpNamesAgain() {
        if (Security.getProperty(KEPT_ADDRESSES) == null) {
            Security.setProperty(KEPT_ADDRESSES, "1");
        }
        if (KEPT_FAILURES_OF_THE_JDK.equals(Security.getProperty(KEPT_FAILURES))) {
            Security.setProperty(KEPT_FAILURES, "1");
        }
    }

    /** Prints what the user can do something about without a stack trace: each mistake on a line of its own. */
    static int explain(final Exception failure, final CommandLine command, final ParseResult parsed)
            throws Exception {
        if (failure instanceof ConfigException mistakes) {
            mistakes.problems().forEach(command.getErr()::println);
            return ExitCode.CONFIG.code();
        }
        if (failure instanceof IOException || failure instanceof RecordingException) {
            command.getErr().println(failure.getMessage());
            return ExitCode.FAILED.code();
        }
        throw failure;
    }

    /** Wrong usage: the mistake stands alone, and the help is one command away. */
    static int pointToHelp(final ParameterException mistake, final String[] args) {
        final CommandLine command = mistake.getCommandLine();
        command.getErr().println(mistake.getMessage());
        UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        final CommandSpec spec = command.getCommandSpec();
        command.getErr().println("see " + (spec.parent() == null ? "relay" : spec.qualifiedName()) + " --help");
        return ExitCode.USAGE.code();
    }

    /** {@code help run} is {@code run --help}. */
    private static String[] asOption(final String[] args) {
        if (!args[0].equals("help")) {
            return args;
        }
        final String[] asked = Arrays.copyOfRange(args, 1, args.length + 1);
        asked[args.length - 1] = "--help";
        return asked;
    }

    private static String[] withDemo(final String[] options) {
        final String[] args = new String[options.length + 1];
        args[0] = "demo";
        System.arraycopy(options, 0, args, 1, options.length);
        return args;
    }

    /** The version for {@code --version}. */
    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"penstock " + Version.TEXT};
        }
    }
}
