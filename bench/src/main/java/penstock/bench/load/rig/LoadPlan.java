package penstock.bench.load.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that every scenario has: how often and how long is measured, against which servers, where results go.
 * Owned by the main thread.
 */
public final class LoadPlan {
    @Option(names = "--rounds",
        description = "how often everything is measured; the report shows medians of the rounds")
    private int rounds;

    @Option(names = "--seconds", description = "how long each measurement takes")
    private int seconds;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "of the servers to compare only these")
    private List<String> only = List.of();

    @Option(names = "--against", paramLabel = "NAME=COMMAND",
        description =
            "one more server to compare; {port} and {feed} in the command are the ports to listen on and to take the "
                + "feed from. It upgrades on /, and sends everything until a client sends a text frame that names "
                + "symbols in quotes")
    private Map<String, String> against = new LinkedHashMap<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "a setting of the relay, as in scripts/relay run --set")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--out", paramLabel = "FOLDER",
        description = "for NAME.txt, NAME.json, NAME.hlog and the servers' logs; else bench/target/load")
    private Path out;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Defaults of a scenario. */
    public LoadPlan(final int rounds, final int seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    public int rounds() {
        return rounds;
    }

    public int seconds() {
        return seconds;
    }

    /** The names of the servers that were asked for; empty = all. */
    public List<String> only() {
        return only;
    }

    /** Commands of further servers by name. */
    public Map<String, String> against() {
        return against;
    }

    /** Settings of the relay by key. */
    public Map<String, String> settings() {
        return settings;
    }

    /** The folder of the project, from the property penstock.home, which scripts/load sets. */
    public Path home() {
        return Path.of(System.getProperty("penstock.home", ".")).toAbsolutePath().normalize();
    }

    /** The folder where results and logs go. */
    public Path folder() {
        return (out == null ? home().resolve("bench/target/load") : out).toAbsolutePath();
    }

    /** Checks the options, and creates the folder. */
    public void check() throws IOException {
        require(rounds >= 1 && seconds >= 1, "--rounds and --seconds are at least 1");
        Files.createDirectories(folder());
    }

    /** Rejects the command line with this reason unless the condition holds. */
    public void require(final boolean holds, final String reason) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), reason);
        }
    }
}
