/** The steps of a release outside its figures: commands and their logs, the source tree, JDKs, progress, artefacts. */
package penstock.bench.release.run;
