package penstock.bench.release;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a release was measured. Owned by the main thread. */
final class RunConditions {
    @Option(names = "--version", required = true)
    String version;

    @Option(names = "--commit", required = true)
    String commit;

    @Option(names = "--date", required = true)
    String date;

    @Option(names = "--quick", description = "rounds were short")
    boolean isQuick;

    @Option(names = "--tests", defaultValue = "run", description = "a sentence on the tests")
    String tests = "";

    @Option(names = "--command", description = "that was run; repeatable")
    List<String> commands = new ArrayList<>();

    @Option(names = "--note", description = "a sentence for the page; repeatable")
    List<String> notes = new ArrayList<>();
}
