package generate

// bilingual is a line in English and in French. In it {person} and {last} are a person's whole
// name and surname, {role} what the person does, {firm} and {town} names, {n} a number, {source} an outlet.
type bilingual [2]string

var roles = []bilingual{
	{"director of {firm}", "directeur de {firm}"},
	{"spokesperson for {firm}", "porte-parole de {firm}"},
	{"mayor of {town}", "maire de {town}"},
	{"a union representative at {firm}", "représentant syndical chez {firm}"},
	{"a researcher at the university of {town}", "chercheur à l'université de {town}"},
	{"a lawyer in {town}", "avocat à {town}"},
	{"an analyst at {firm}", "analyste chez {firm}"},
	{"head of the residents' association of {town}", "président de l'association des habitants de {town}"},
	{"a former minister", "ancien ministre"},
	{"a physician at the hospital of {town}", "médecin à l'hôpital de {town}"},
	{"who chairs the regional council", "à la tête du conseil régional"},
	{"chief economist of {firm}", "économiste en chef de {firm}"},
	{"a member of the board", "membre du conseil d'administration"},
	{"a teacher from {town}", "enseignant à {town}"},
}

// sayings follow a quotation whose speaker is new; the speaker's role comes after the name.
var sayings = []bilingual{
	{"said {person}, {role}.", "a déclaré {person}, {role}."},
	{"{person}, {role}, told reporters.", "a dit à la presse {person}, {role}."},
	{"explained {person}, {role}.", "a expliqué {person}, {role}."},
	{"according to {person}, {role}.", "selon {person}, {role}."},
	{"warned {person}, {role}.", "a averti {person}, {role}."},
	{"argued {person}, {role}.", "a fait valoir {person}, {role}."},
	{"{person}, {role}, said by telephone.", "a indiqué au téléphone {person}, {role}."},
}

// sayingsAgain follow a quotation of somebody named before.
var sayingsAgain = []bilingual{
	{"{last} said.", "a dit {last}."},
	{"{last} added.", "a ajouté {last}."},
	{"said {last}.", "a poursuivi {last}."},
	{"{last} went on.", "a continué {last}."},
	{"concluded {last}.", "a conclu {last}."},
	{"according to {last}.", "d'après {last}."},
}

// headlines are used for articles that have no short sentence.
var headlines = []bilingual{
	{"{firm} under pressure in {town}", "{firm} sous pression à {town}"},
	{"{last} answers the critics of {firm}", "{last} répond aux critiques de {firm}"},
	{"In {town}, doubts about the plans of {firm}", "À {town}, les projets de {firm} font douter"},
	{"What {last} wants for {town}", "Ce que {last} veut pour {town}"},
	{"{town}: {person} breaks the silence", "{town} : {person} sort du silence"},
	{"{firm} and {last} at odds", "{firm} et {last} en désaccord"},
	{"The long battle of {town}", "La longue bataille de {town}"},
	{"{person}: “Nothing has been decided”", "{person} : « Rien n'est décidé »"},
	{"Agreement within reach at {firm}", "Un accord en vue chez {firm}"},
	{"{town} waits for an answer", "{town} attend une réponse"},
	{"{last}, the year after", "{last}, un an après"},
	{"Why {firm} is leaving {town}", "Pourquoi {firm} quitte {town}"},
}

// The lines that an outlet puts above and below its articles, by language. They are fixed
// for an outlet, so that they recur.
var (
	above = [2][]string{{
		"Home > News > {town}",
		"Share this article on Facebook, Twitter or WhatsApp",
		"Reading time: {n} minutes",
		"This website uses cookies. By continuing to browse you accept our privacy policy.",
		"Already a subscriber? Log in to {source}",
		"Listen to this article",
		"By the newsroom of {source}",
		"Menu | Search | Newsletters | Log in",
		"Live: follow the day with {source}",
		"Photo: {source}, archives",
		"Advertisement",
		"Our readers support us. Become a member of {source} for the price of a coffee a month.",
	}, {
		"Accueil > Actualités > {town}",
		"Partager cet article sur Facebook, Twitter ou WhatsApp",
		"Temps de lecture : {n} minutes",
		"Ce site utilise des cookies. En poursuivant votre navigation, vous acceptez notre politique de confidentialité.",
		"Déjà abonné ? Connectez-vous à {source}",
		"Écouter cet article",
		"Par la rédaction de {source}",
		"Menu | Rechercher | Newsletters | Se connecter",
		"En direct : suivez la journée avec {source}",
		"Photo : {source}, archives",
		"Publicité",
		"Nos lecteurs nous font vivre. Devenez membre de {source} pour le prix d'un café par mois.",
	}}
	below = [2][]string{{
		"Sign up for our newsletter and receive the best of {source} every morning.",
		"© {source}. All rights reserved. This material may not be published, broadcast or redistributed without permission.",
		"Read also: our file on {town}",
		"Follow {source} on social media",
		"Have you seen an error? Write to the newsroom of {source}.",
		"Post a comment",
		"{n} comments",
		"Most read in {town}",
		"Download the app of {source} for the latest news.",
		"The opinions expressed by our guests do not engage {source}.",
		"Subscribe to {source}: the first month for {n} euros",
		"Tags: {town}, politics, economy",
		"With agencies",
		"{source} is a member of the regional press council and follows its code of conduct.",
		"Back to top",
	}, {
		"Inscrivez-vous à notre newsletter et recevez chaque matin le meilleur de {source}.",
		"© {source}. Tous droits réservés. Reproduction interdite sans autorisation.",
		"Lire aussi : notre dossier sur {town}",
		"Suivez {source} sur les réseaux sociaux",
		"Vous avez repéré une erreur ? Écrivez à la rédaction de {source}.",
		"Laisser un commentaire",
		"{n} commentaires",
		"Les plus lus à {town}",
		"Téléchargez l'application de {source} pour ne rien manquer.",
		"Les opinions de nos invités n'engagent pas {source}.",
		"Abonnez-vous à {source} : le premier mois à {n} euros",
		"Mots-clés : {town}, politique, économie",
		"Avec agences",
		"{source} est membre du conseil régional de la presse et suit sa charte.",
		"Retour en haut",
	}}
)

// outlets are the names of sources, by language.
var outlets = [2][]string{
	{"The {town} Courier", "{town} Herald", "The {town} Observer", "{town} Daily News", "{town} Post", "The {town} Gazette", "{firm} News", "Radio {town}", "{town} Today", "The {town} Examiner"},
	{"Le Courrier de {town}", "{town}-Matin", "L'Observateur de {town}", "La Gazette de {town}", "L'Écho de {town}", "La Voix de {town}", "{firm} Infos", "Radio {town}", "{town} Actu", "Le Journal de {town}"},
}

var agencies = []string{"ANP", "ICN", "Meridian", "Novapress", "EPX"}

var months = [2][12]string{
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
}
