package text

// The phrases of sites, in lower case and with straight apostrophes. Each line says
// where in a line its phrases must stand to mark it; a phrase that may begin or stand in
// a sentence of the news belongs to a stricter one. 258 000 lines without full stop
// (titles, sentences of newspapers and of Tatoeba) were looked through to tell.

// listTitles head lists of links to other articles.
var listTitles = []string{
	"related articles", "related article", "also read", "more on this story", "à lire", "relire", "notre dossier", "related content", "related stories", "related news", "related topics", "related links",
	"read more", "read also", "read next", "see also", "you may also like", "you might also like", "more on this",
	"more from", "more stories", "most read", "most popular", "most viewed", "recommended", "recommended for you", "trending",
	"don't miss", "latest news", "top stories", "in other news", "up next",
	"lire aussi", "à lire aussi", "a lire aussi", "lire également", "à lire également", "a lire egalement",
	"voir aussi", "à voir aussi", "sur le même sujet", "sur le meme sujet", "articles liés", "articles similaires",
	"articles associés", "les plus lus", "les plus lues", "dans la même rubrique", "nos derniers articles", "dernières actualités",
	"à ne pas manquer", "plus d'actualités", "plus d'articles", "contenus sponsorisés", "à découvrir",
	"recommandé pour vous", "vous aimerez aussi", "l'actualité en continu", "à la une",
}

// readMore begin a link to another article, whose headline may be a sentence:
// "Lire aussi : pourquoi les dockers font grève ?".
var readMore = []string{
	"read more", "read also", "read next", "also read", "see also", "related", "related article", "more on this story",
	"lire aussi", "à lire aussi", "a lire aussi", "lire également", "à lire également", "à lire", "relire", "voir aussi", "à voir aussi", "sur le même sujet", "notre dossier",
}

// crumbs begin the path to a page: "Accueil > Actualités".
var crumbs = []string{"home", "homepage", "news", "you are here:", "you are here", "accueil", "à la une", "actualités", "actu", "vous êtes ici :", "vous êtes ici"}

// openers begin lines that are furniture when short.
var openers = []string{
	"tweet this", "pin it", "save this article", "copy link", "email this", "listen to this article", "continue reading",
	"story continues below", "article continues below", "watch the video", "photo credit", "photo by", "photos by", "image credit", "image source", "image caption",
	"picture:", "pictures:", "file photo:", "photograph:", "caption:", "credit:", "enlarge this image", "view comments", "show comments", "hide comments",
	"join the conversation", "be the first to comment", "sign up now", "subscribe now", "subscribe today", "support our journalism",
	"report a typo", "report an error", "follow us on", "like us on", "find us on", "topics:", "topics in this article", "in this article:",
	"copyright ©", "copyright (c)", "copyright 19", "copyright 20", "manage cookies", "cookie settings", "manage your cookie", "your privacy", "do not sell my",
	"mots-clés :", "mots-clés:", "mots clés :", "thèmes :", "sujets :", "crédit photo", "crédits photo", "crédit :", "légende :", "photo d'archives", "photo d'illustration",
	"image d'illustration", "photo :", "image :", "copier le lien", "partager cet article", "partager l'article", "imprimer l'article", "imprimer cet article",
	"écouter cet article", "écouter l'article", "lire la suite", "lire l'article complet", "la suite après cette publicité", "la suite après la publicité",
	"article réservé aux abonnés", "cet article est réservé aux abonnés", "vous avez déjà un compte", "déjà abonné",
	"soyez le premier à commenter", "voir les commentaires", "voir tous les commentaires", "afficher les commentaires", "signaler une erreur", "signaler une faute",
	"gérer les cookies", "gérer mes cookies", "paramétrer les cookies", "paramètres des cookies", "rejoignez-nous sur",
	"retrouvez-nous sur", "suivez l'actualité", "vous avez repéré une erreur", "afficher plus",
	"share this", "share on", "share via", "print this",
	"comments are closed",
	"post a comment", "leave a comment", "leave a reply", "add a comment", "note: only a member", "©",
	"all rights reserved", "click here", "download our app", "tags:", "tag:",
	"we use cookies", "this site uses cookies", "photo:", "image:",
	"by using this site",
	"suivez-nous", "abonnez-vous", "inscrivez-vous",
	"contenu sponsorisé", "laisser un commentaire", "laissez un commentaire",
	"ajouter un commentaire", "tous droits réservés",
	"nous utilisons des cookies", "ce site utilise des cookies", "en poursuivant votre navigation",
	"contactez-nous", "accepter et fermer",
	"cliquez ici", "téléchargez notre", "votre adresse e-mail", "votre adresse email", "votre adresse de messagerie", "your email address",
	"sign up for our", "sign up to our", "filed under:", "save this story",
}

// starts begin lines that are furniture when they are short and no sentence.
var starts = []string{
	"sign up", "sign in", "log in", "contact us", "s'abonner", "se connecter", "je m'abonne", "mots-clés", "mots clés",
	"posted in", "posted by", "get our", "join our", "follow us", "subscribe", "publié par", "posté par", "recevez", "crédit photo",
	"partager sur", "terms and conditions", "terms of service",
	"réservé aux abonnés", "already a subscriber", "not a subscriber", "load more", "most commented", "créer un compte", "create an account", "no comments", "aucun commentaire", "envoyer par", "temps de lecture", "reading time", "filed under", "à propos de l'auteur", "about the author",
}

// labels are words of buttons and boxes, alone or with a word or two.
var labels = []string{
	"en ce moment", "copyright",
	"share", "tweet", "advertisement", "sponsored", "home", "menu", "search", "cookies", "newsletter", "print", "email",
	"facebook", "twitter", "whatsapp", "linkedin", "telegram", "comments", "tags", "login", "register",
	"like", "pin", "save", "follow", "listen", "gift", "reply", "permalink", "close", "next", "previous", "back", "updated", "published", "copy", "skip",
	"envoyer", "enregistrer", "écouter", "fermer", "suivant", "précédent", "copier", "offrir", "se désabonner", "répondre",
	"partager", "partagez", "tweeter", "suivre", "connexion", "publicité", "annonce", "commentaires", "réagir", "imprimer",
	"accueil", "rechercher", "recherche", "étiquettes", "recevez", "inscription", "abonnement",
	"next article", "previous article", "article suivant", "article précédent", "retour en haut", "privacy policy", "terms of use", "mentions légales", "conditions générales", "politique de confidentialité", "tout accepter", "accept all", "tout refuser", "continuer sans accepter", "source link", "back to top", "skip to", "about author",
}

// phrases mark a line wherever they stand in it.
var phrases = []string{
	"all rights reserved", "tous droits réservés",
	"our newsletter", "notre newsletter", "notre lettre d'information",
	"only a member of this blog", "may not be published, broadcast", "required fields are marked", "champs obligatoires",
	"reproduction interdite",
	"enable javascript", "activer javascript", "skip to content", "aller au contenu",
	"our privacy policy", "our cookie policy", "notre politique de confidentialité", "notre politique de cookies", "site uses cookies", "website uses cookies",
	"site utilise des cookies", "l'utilisation de cookies", "l'utilisation des cookies", "accepter les cookies", "accept cookies", "de cet article à lire",
}

// labelWords may follow a label on its button.
var labelWords = wordSet("this article page story post it to a the friend us on by via with for comment comments link email mail " +
	"facebook twitter x whatsapp linkedin telegram messenger pinterest reddit instagram bluesky " +
	"cet ce cette l la le les d un une ami à sur par pour lien courriel vos mes nos compte mon me votre " +
	"main content navigation page share tweet print search menu newsletter newsletters cookies publicité s in up form site web now")

// readingTimes stand in short lines that are no sentence.
var readingTimes = []string{"min read", "mins read", "minute read", "minutes read", "min de lecture", "mn de lecture", "minute de lecture", "minutes de lecture"}
