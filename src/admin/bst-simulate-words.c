/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people write. Made up, like the people. */

#include "bst-simulate.h"

#include <string.h>

#define WORDS_MAX 12

/* clang-format off */
static const char *const danish[BST_N_SIM_WORDS][WORDS_MAX] = {
  [BST_SIM_NEED] = {
    "Vi får en ny kollega den 1., og det skal være klar, når hun begynder.",
    "Det gamle er slidt op og kan ikke repareres mere.",
    "Vi har fået flere børn i huset og mangler plads.",
    "Afdelingen flytter til første sal i næste måned.",
    "Ny vikar i weekenderne, skal kunne klare det hele selv.",
    "Vi har aftalt det på personalemødet; ring endelig, hvis der er spørgsmål.",
    "Det haster lidt, for den nuværende aftale løber ud.",
    "Til forældremødet i slutningen af måneden.",
    "Som sidste år, samme omfang.",
    "Kollega tilbage fra barsel, skal have sine adgange igen.",
    "Vi vil gerne prøve det af i en enkelt gruppe først.",
    "Efter påbud fra tilsynet." },
  [BST_SIM_QUESTION] = {
    "Hvilket lokale drejer det sig om?", "Hvem er kontaktperson på stedet?",
    "Er det den gamle eller den nye bygning?", "Skal det gamle tages med retur?",
    "Hvilket omkostningssted skal det gå på?", "Kan vi komme mellem klokken 8 og 10?",
    "Vi mangler medarbejderens brugernavn.", "Hvor mange personer skal kunne bruge det?" },
  [BST_SIM_ANSWER] = {
    "Lokale 12, ned ad gangen til højre.", "Spørg efter mig på kontoret.", "Den nye bygning.",
    "Ja tak, tag det gamle med.", "Vores eget, som det plejer.", "Ja, det passer fint.",
    "Jeg har sendt det i en mail til jer.", "Fire personer." },
  [BST_SIM_SUPPLIER] = {
    "Leverandøren melder restordre.", "Venter på del fra leverandøren.",
    "Leverandøren kommer på torsdag.", "Licensen er bestilt hos leverandøren." },
  [BST_SIM_BUSY] = {
    "Afventer ledig tekniker.", "Skal godkendes af informationssikkerhed først.",
    "Vi samler det med de andre bestillinger i samme bygning." },
  [BST_SIM_MESSAGE] = {
    "Vi kommer forbi på onsdag mellem 9 og 11.", "Det er sat i gang.",
    "Det kommer med bilen på fredag.", "Vi ringer, inden vi kører." },
  [BST_SIM_REMINDER] = { "Hvornår kommer det? Vi skulle have haft det nu.", "Er der nyt?" },
  [BST_SIM_DISPUTE] = {
    "Det virker ikke.", "Det er den forkerte størrelse.", "Der mangler noget.",
    "Medarbejderen kan stadig ikke logge på.", "Der er kun kommet halvdelen." },
  [BST_SIM_REJECT] = {
    "Ydelsen dækker ikke dette; brug rammeaftalen.", "Er allerede bestilt af jeres afdeling.",
    "Kan ikke leveres i jeres bygning." },
  [BST_SIM_DECLINE] = { "Ikke i år, budgettet er brugt.", "Vi tager det med til næste års plan.", "Kan I dele med naboafdelingen?" },
  [BST_SIM_CANCEL] = { "Vi har fundet en anden løsning.", "Bestilt ved en fejl.", "Den nye kollega begynder ikke alligevel." },
  [BST_SIM_DELIVERED] = { "Sat op og prøvet.", "Afleveret på kontoret.", "Adgangen virker fra nu af.", "Klar til brug." },
  [BST_SIM_GOOD] = { "Hurtigt og venligt.", "Præcis som aftalt.", "Dejligt, at det bare virkede.", "Tak for god hjælp." },
  [BST_SIM_BAD] = { "Kom alt for sent.", "Ingen sagde, at det blev forsinket.", "Måtte rykke to gange.", "Fint nok, da det endelig kom." },
  [BST_SIM_FORM] = { "Kontoret, stuen", "Som sidst", "Se beskrivelsen", "Gruppe 2", "Personalerummet" },
  [BST_SIM_TROUBLE] = { "Driftsforstyrrelse", "Forsinkede leveringer", "Sygdom i afdelingen" },
  [BST_SIM_OBJECTION] = { "Det har vi sendt retur.", "Det var en ombytning af noget, der var i stykker.", "Det skulle naboafdelingen betale.", "Vi fik kun halvdelen." },
  [BST_SIM_CREDITED] = { "Det er rigtigt, vi krediterer.", "Beklager, det tager vi retur.", "Krediteres på næste faktura." },
  [BST_SIM_STANDS] = { "Ydelsen er leveret og bekræftet.", "Prisen er den, der var aftalt, da I bestilte.", "Vi kan se, at det er i brug hos jer." },
};

static const char *const norwegian[BST_N_SIM_WORDS][WORDS_MAX] = {
  [BST_SIM_NEED] = {
    "Vi får en ny kollega den 1., og det må være klart når hun begynner.",
    "Det gamle er utslitt og kan ikke repareres mer.",
    "Vi har fått flere barn i huset og mangler plass.",
    "Avdelingen flytter til andre etasje neste måned.",
    "Ny vikar i helgene, må klare alt selv.",
    "Vi ble enige om det på personalmøtet; ring gjerne hvis noe er uklart.",
    "Det haster litt, for avtalen vi har, går ut.",
    "Til foreldremøtet i slutten av måneden.",
    "Som i fjor, samme omfang.",
    "Kollega tilbake fra permisjon, skal ha tilgangene sine igjen.",
    "Vi vil gjerne prøve det i én gruppe først.",
    "Etter pålegg fra tilsynet." },
  [BST_SIM_QUESTION] = {
    "Hvilket rom gjelder det?", "Hvem er kontaktperson på stedet?",
    "Er det det gamle eller det nye bygget?", "Skal det gamle tas med i retur?",
    "Hvilket kostnadssted skal det føres på?", "Kan vi komme mellom klokken 8 og 10?",
    "Vi mangler brukernavnet til den ansatte.", "Hvor mange skal kunne bruke det?" },
  [BST_SIM_ANSWER] = {
    "Rom 12, ned gangen til høyre.", "Spør etter meg på kontoret.", "Det nye bygget.",
    "Ja takk, ta det gamle med.", "Vårt eget, som vanlig.", "Ja, det passer fint.",
    "Jeg har sendt det til dere på e-post.", "Fire personer." },
  [BST_SIM_SUPPLIER] = {
    "Leverandøren har varen i restordre.", "Venter på del fra leverandøren.",
    "Leverandøren kommer på torsdag.", "Lisensen er bestilt hos leverandøren." },
  [BST_SIM_BUSY] = {
    "Venter på ledig tekniker.", "Må godkjennes av informasjonssikkerhet først.",
    "Vi tar det sammen med de andre bestillingene i samme bygg." },
  [BST_SIM_MESSAGE] = {
    "Vi kommer innom på onsdag mellom 9 og 11.", "Det er satt i gang.",
    "Det kommer med bilen på fredag.", "Vi ringer før vi kjører." },
  [BST_SIM_REMINDER] = { "Når kommer det? Vi skulle ha hatt det nå.", "Noe nytt?" },
  [BST_SIM_DISPUTE] = {
    "Det virker ikke.", "Det er feil størrelse.", "Det mangler noe.",
    "Den ansatte får fortsatt ikke logget på.", "Bare halvparten er kommet." },
  [BST_SIM_REJECT] = {
    "Tjenesten dekker ikke dette; bruk rammeavtalen.", "Er allerede bestilt av avdelingen deres.",
    "Kan ikke leveres i bygget deres." },
  [BST_SIM_DECLINE] = { "Ikke i år, budsjettet er brukt opp.", "Vi tar det med i neste års plan.", "Kan dere dele med naboavdelingen?" },
  [BST_SIM_CANCEL] = { "Vi har funnet en annen løsning.", "Bestilt ved en feil.", "Den nye kollegaen begynner ikke likevel." },
  [BST_SIM_DELIVERED] = { "Satt opp og prøvd.", "Levert på kontoret.", "Tilgangen virker fra nå av.", "Klar til bruk." },
  [BST_SIM_GOOD] = { "Raskt og vennlig.", "Akkurat som avtalt.", "Deilig at det bare virket.", "Takk for god hjelp." },
  [BST_SIM_BAD] = { "Kom altfor sent.", "Ingen sa fra om at det ble forsinket.", "Måtte purre to ganger.", "Greit nok da det endelig kom." },
  [BST_SIM_FORM] = { "Kontoret, første etasje", "Som sist", "Se beskrivelsen", "Gruppe 2", "Personalrommet" },
  [BST_SIM_TROUBLE] = { "Driftsforstyrrelse", "Forsinkede leveranser", "Sykdom i avdelingen" },
  [BST_SIM_OBJECTION] = { "Det har vi sendt i retur.", "Det var et bytte av noe som var i stykker.", "Det skulle naboavdelingen betale.", "Vi fikk bare halvparten." },
  [BST_SIM_CREDITED] = { "Det stemmer, vi krediterer.", "Beklager, det tar vi i retur.", "Krediteres på neste faktura." },
  [BST_SIM_STANDS] = { "Tjenesten er levert og bekreftet.", "Prisen er den som var avtalt da dere bestilte.", "Vi ser at det er i bruk hos dere." },
};
/* clang-format on */

const char *
bst_sim_words (BstSimWorld *world, BstSimWords kind)
{
  const char *const *all = (strcmp (world->language, "nb") == 0 ? norwegian : danish)[kind];
  gint32 n = 0;

  while (n < WORDS_MAX && all[n])
    n++;
  return all[g_rand_int_range (world->rand, 0, n)];
}
